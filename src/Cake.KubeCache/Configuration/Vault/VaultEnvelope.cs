using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Vault;

/// <summary>
/// Ansible Vault's format 1.1 and 1.2 ("Ansible Vault payload format" in its user guide): a header line
/// <c>$ANSIBLE_VAULT;1.1;AES256</c> (1.2 adds a label), then hex of three lines of hex: salt, HMAC, ciphertext.
/// </summary>
/// <param name="Label">The vault id, or null.</param>
/// <param name="Salt">Salt of the key derivation.</param>
/// <param name="Mac">HMAC-SHA256 of the ciphertext.</param>
/// <param name="Ciphertext">AES-256 in counter mode.</param>
internal sealed record VaultEnvelope(string? Label, byte[] Salt, byte[] Mac, byte[] Ciphertext)
{
    private const string Magic = "$ANSIBLE_VAULT;";

    /// <summary>Whether a text is an envelope.</summary>
    public static bool Begins(string text) => text.StartsWith(Magic, StringComparison.Ordinal);

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="KubeCacheException">It is malformed, or of another version or cipher.</exception>
    public static VaultEnvelope Parse(string text, SourcePosition where)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var header = lines.Length > 0 ? lines[0].Split(';') : [];
        if (header.Length < 3 || header[0] != "$ANSIBLE_VAULT" || header[1] is not ("1.1" or "1.2") || header[2] != "AES256")
        {
            throw Broken(where, lines.FirstOrDefault() ?? "nothing", "$ANSIBLE_VAULT;1.1;AES256 or $ANSIBLE_VAULT;1.2;AES256;label", null);
        }

        try
        {
            var parts = System.Text.Encoding.ASCII.GetString(Convert.FromHexString(string.Concat(lines.Skip(1)))).Split('\n');
            return parts.Length == 3
                ? new VaultEnvelope(header.Length > 3 ? header[3] : null, Convert.FromHexString(parts[0]), Convert.FromHexString(parts[1]), Convert.FromHexString(parts[2]))
                : throw Broken(where, "hex of another form", "salt, HMAC and ciphertext", null);
        }
        catch (FormatException exception)
        {
            throw Broken(where, "something that is not hex", "lines of hex digits", exception);
        }
    }

    private static KubeCacheException Broken(SourcePosition where, string got, string expected, Exception? inner) =>
        new(ErrorKind.Input, new Fault("the vaulted text is damaged or of an unknown kind") { Where = where, Got = got, Expected = expected }, inner);
}
