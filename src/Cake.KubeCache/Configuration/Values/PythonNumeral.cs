using System.Globalization;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>The numerals of Python source: <c>12</c>, <c>1_000</c>, <c>0x1f</c>, <c>0o755</c>, <c>1.5e3</c>; not <c>0755</c>.</summary>
internal static class PythonNumeral
{
    /// <summary>Reads an unsigned numeral; false when it is none.</summary>
    public static bool TryParse(string text, bool negative, out object? value)
    {
        value = null;
        if (text.Length == 0 || text.StartsWith('_') || text.EndsWith('_') || text.Contains("__", StringComparison.Ordinal))
        {
            return false;
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (plain.Length > 2 && plain[0] == '0' && char.IsAsciiLetter(plain[1]))
        {
            try
            {
                long? number = char.ToLowerInvariant(plain[1]) switch
                {
                    'x' => Convert.ToInt64(plain[2..], 16),
                    'o' => Convert.ToInt64(plain[2..], 8),
                    'b' => Convert.ToInt64(plain[2..], 2),
                    _ => null,
                };
                value = negative ? -number : number;
                return number is not null;
            }
            catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
            {
                // Not a numeral of that base: the text stays what it was.
                return false;
            }
        }

        if (plain.All(char.IsAsciiDigit))
        {
            var leadingZero = plain.Length > 1 && plain[0] == '0' && plain.Any(c => c != '0');
            if (leadingZero || !long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            value = negative ? -number : number;
            return true;
        }

        if (plain.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '-' or '+') &&
            double.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real))
        {
            value = negative ? -real : real;
            return true;
        }

        return false;
    }
}
