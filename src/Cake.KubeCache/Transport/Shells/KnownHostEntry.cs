using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>One line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").</summary>
/// <param name="Marker"><c>@cert-authority</c>, <c>@revoked</c>, or null.</param>
/// <param name="Hosts">Patterns separated by commas, or one hashed name.</param>
/// <param name="KeyType">Such as <c>ssh-ed25519</c>.</param>
/// <param name="Key">The public key blob.</param>
/// <param name="Where">File and line.</param>
internal sealed record KnownHostEntry(string? Marker, string Hosts, string KeyType, byte[] Key, SourcePosition Where)
{
    /// <summary>Whether the entry authorises a certificate authority.</summary>
    public bool IsAuthority => Marker == "@cert-authority";

    /// <summary>Whether the entry revokes a key.</summary>
    public bool IsRevoked => Marker == "@revoked";

    /// <summary>Reads a line; null for comments, empty lines and lines that OpenSSH would pass over too.</summary>
    public static KnownHostEntry? Parse(string line, SourcePosition where)
    {
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0].StartsWith('#'))
        {
            return null;
        }

        var marker = words[0].StartsWith('@') ? words[0] : null;
        var at = marker is null ? 0 : 1;
        if (words.Length < at + 3)
        {
            return null;
        }

        var key = new byte[words[at + 2].Length];
        return Convert.TryFromBase64String(words[at + 2], key, out var length) ? new(marker, words[at], words[at + 1], key[..length], where) : null;
    }

    /// <summary>Whether the entry is about the host, written <c>host</c> or <c>[host]:port</c>.</summary>
    public bool Matches(string host) =>
        Hosts.StartsWith("|1|", StringComparison.Ordinal) ? MatchesHash(host) : HostPattern.MatchesAny(Hosts.Split(','), host);

    private bool MatchesHash(string host)
    {
        var parts = Hosts.Split('|');
        var salt = new byte[64];
        var expected = new byte[64];
        if (parts.Length != 4 || !Convert.TryFromBase64String(parts[2], salt, out var saltLength) || !Convert.TryFromBase64String(parts[3], expected, out var length))
        {
            return false;
        }

#pragma warning disable CA5350 // The format prescribes HMAC-SHA1; it hides names here and protects nothing.
        var hash = HMACSHA1.HashData(salt.AsSpan(0, saltLength), Encoding.UTF8.GetBytes(host));
#pragma warning restore CA5350
        return hash.AsSpan().SequenceEqual(expected.AsSpan(0, length));
    }
}
