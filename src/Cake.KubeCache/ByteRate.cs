using System.Globalization;

namespace Cake.KubeCache;

/// <summary>Reads rates such as <c>20MB/s</c>, <c>500k</c>, <c>1GiB/s</c>: decimal units, or binary ones with an <c>i</c>.</summary>
internal static class ByteRate
{
    /// <summary>Bytes per second.</summary>
    /// <exception cref="FormatException">Not a rate; the message says what is expected.</exception>
    public static long Parse(string text)
    {
        var rest = text.Trim();
        rest = rest.EndsWith("/s", StringComparison.OrdinalIgnoreCase) ? rest[..^2] : rest;
        rest = rest.EndsWith('B') || rest.EndsWith('b') ? rest[..^1] : rest;
        var binary = rest.EndsWith('i');
        rest = binary ? rest[..^1] : rest;
        var power = rest.Length == 0 ? 0 : char.ToUpperInvariant(rest[^1]) switch { 'K' => 1, 'M' => 2, 'G' => 3, 'T' => 4, _ => 0 };
        rest = power > 0 ? rest[..^1] : rest;
        var rate = decimal.TryParse(rest.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && (power > 0 || !binary)
            ? number * (decimal)Math.Pow(binary ? 1024 : 1000, power)
            : 0;
        return rate is >= 1 and < long.MaxValue ? (long)rate : throw new FormatException("a rate such as 20MB/s, 500kB/s or 1GiB/s");
    }
}
