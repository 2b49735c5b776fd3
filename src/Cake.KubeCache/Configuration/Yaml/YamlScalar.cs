using System.Buffers;
using System.Globalization;

namespace Cake.KubeCache.Configuration.Yaml;

/// <summary>
/// What a plain scalar means in YAML 1.1 as PyYAML reads it (yaml.org/type): <c>yes</c> and <c>off</c> are bools, <c>0755</c> is
/// octal, <c>1:30</c> is sixty-based, <c>1e3</c> is a text. Dates stay texts, which print as they were written.
/// </summary>
internal static class YamlScalar
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789_");
    private static readonly SearchValues<char> Mantissa = SearchValues.Create("0123456789_.");

    /// <summary>The value of a plain scalar.</summary>
    public static object? Resolve(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return text[0] switch
        {
            '~' when text.Length == 1 => null,
            'n' or 'N' or 'y' or 'Y' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' => Word(text),
            '+' or '-' or '.' or (>= '0' and <= '9') => Number(text) ?? text,
            _ => text,
        };
    }

    private static object? Word(string text) => text switch
    {
        "null" or "Null" or "NULL" => null,
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => text,
    };

    private static object? Number(string text)
    {
        var negative = text[0] == '-';
        var body = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (body.Length == 0)
        {
            return null;
        }

        switch (body)
        {
            case ".inf" or ".Inf" or ".INF":
                return negative ? double.NegativeInfinity : double.PositiveInfinity;
            case ".nan" or ".NaN" or ".NAN" when body.Length == text.Length:
                return double.NaN;
        }

        var digits = body.ToString().Replace("_", "", StringComparison.Ordinal);
        if (digits.Length == 0 || body[0] == '_')
        {
            return null;
        }

        if (body.Contains(':'))
        {
            return Sixties(body, digits, negative) is not { } value ? null : digits.Contains('.', StringComparison.Ordinal) ? value : (object)(long)value;
        }

        if (!body.ContainsAnyExcept(Digits))
        {
            return digits.Length > 1 && digits[0] == '0' ? Based(digits[1..], 8, negative) : Based(digits, 10, negative);
        }

        if (digits.Length > 2 && digits[0] == '0' && digits[1] is 'x' or 'b')
        {
            return Based(digits[2..], digits[1] == 'x' ? 16 : 2, negative);
        }

        return Float(body, digits, negative);
    }

    private static long? Based(string digits, int @base, bool negative)
    {
        long value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= @base || value > (long.MaxValue - digit) / @base)
            {
                // No digit of this base, or too large for an integer: it prints the same as the text it is left as.
                return null;
            }

            value = (value * @base) + digit;
        }

        return negative ? -value : value;
    }

    private static object? Float(ReadOnlySpan<char> body, string digits, bool negative)
    {
        var dot = body.IndexOf('.');
        var e = body.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? body : body[..e];
        var exponent = e < 0 ? [] : body[(e + 1)..];
        var valid = dot >= 0 && (e < 0 || dot < e) && mantissa.Count('.') == 1 && !mantissa.ContainsAnyExcept(Mantissa) && mantissa.ContainsAnyInRange('0', '9') &&
            (e < 0 || (exponent.Length > 1 && exponent[0] is '+' or '-' && !exponent[1..].ContainsAnyExceptInRange('0', '9')));
        return valid ? (negative ? -1 : 1) * double.Parse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture) : null;
    }

    private static double? Sixties(ReadOnlySpan<char> body, string digits, bool negative)
    {
        var parts = digits.Split(':');
        var whole = !digits.Contains('.', StringComparison.Ordinal);
        double value = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var last = i == parts.Length - 1;
            var part = parts[i];
            var number = 0.0;
            var valid = part.Length > 0 && (last && !whole
                ? double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
                : part.All(char.IsAsciiDigit) && double.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number));
            if (!valid || (i > 0 && (number >= 60 || part.TakeWhile(char.IsAsciiDigit).Count() > 2)) || (i == 0 && whole && body[0] == '0'))
            {
                return null;
            }

            value = (value * 60) + number;
        }

        return negative ? -value : value;
    }
}
