using System.Diagnostics.CodeAnalysis;

namespace Cake.KubeCache.Model;

/// <summary>
/// A content digest: an algorithm and a lower-case hex value (OCI image-spec 1.1, descriptor.md, "Digests").
/// </summary>
/// <remarks>Only <c>sha256</c> (64 hex digits) and <c>sha512</c> (128 hex digits) are known.</remarks>
public readonly record struct Digest
{
    private Digest(string algorithm, string hex) => (Algorithm, Hex) = (algorithm, hex);

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Lower-case hex digits without the algorithm.</summary>
    public string Hex { get; }

    /// <summary>The first twelve hex digits, for people.</summary>
    public string Abbreviated => Hex[..12];

    /// <summary>Makes a SHA-256 digest from its 64 hex digits.</summary>
    /// <exception cref="FormatException">Not 64 hex digits.</exception>
    public static Digest Sha256(string hex) => Parse("sha256:" + hex);

    /// <summary>Makes a SHA-256 digest from its 32 bytes.</summary>
    public static Digest Sha256(ReadOnlySpan<byte> hash) => Sha256(Convert.ToHexStringLower(hash));

    /// <summary>Reads <c>algorithm:hex</c>; upper-case hex is accepted and lowered.</summary>
    /// <exception cref="FormatException">Neither a sha256 nor a sha512 digest.</exception>
    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is no digest (expected sha256:<64 hex digits> or sha512:<128 hex digits>)");

    /// <summary>Reads <c>algorithm:hex</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var colon = text?.IndexOf(':') ?? -1;
        if (colon < 0)
        {
            return false;
        }

        var algorithm = text![..colon];
        var hex = text[(colon + 1)..];
        var length = algorithm switch { "sha256" => 64, "sha512" => 128, _ => -1 };
        if (hex.Length != length || !hex.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        digest = new Digest(algorithm, hex.ToLowerInvariant());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Algorithm is null ? "" : $"{Algorithm}:{Hex}";
}
