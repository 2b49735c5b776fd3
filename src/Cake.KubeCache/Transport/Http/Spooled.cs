using System.Globalization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>A body that stayed on the node that received it.</summary>
/// <param name="Value">Hexadecimal value of its hash by the expected digest's algorithm, or by SHA-256.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Before">How many of them an earlier attempt had left there.</param>
internal sealed record Spooled(string Value, Digest Digest, long Size, long Before)
{
    /// <summary>Reads the line.</summary>
    /// <exception cref="FormatException">It is another.</exception>
    public static Spooled Parse(string line) => line.Trim().Split(' ') is [var value, var hex, var size, var before] && Digest.TryParse("sha256:" + hex, out var digest)
        ? new Spooled(value, digest, long.Parse(size, CultureInfo.InvariantCulture), long.Parse(before, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{line.Trim()}' tells nothing about a spooled body");
}
