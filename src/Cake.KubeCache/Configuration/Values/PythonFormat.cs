using System.Globalization;
using System.Text;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Python's <c>%</c> formatting, and <c>str.format</c> with plain fields.</summary>
internal static class PythonFormat
{
    /// <summary><c>'%s-%03d' % (a, b)</c>.</summary>
    public static string Percent(string format, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            var end = i + 1;
            while (end < format.Length && (char.IsAsciiDigit(format[end]) || format[end] is '-' or '.' or '+' or ' ' or '#'))
            {
                end++;
            }

            if (end >= format.Length)
            {
                throw EvaluationException.Invalid($"the format '{format}' ends in the middle of a field");
            }

            if (format[end] == '%')
            {
                text.Append('%');
            }
            else
            {
                if (next >= values.Count)
                {
                    throw EvaluationException.Invalid($"the format '{format}' has more fields than there are values");
                }

                text.Append(Field(format[(i + 1)..end], format[end], values[next++]));
            }

            i = end;
        }

        return text.ToString();
    }

    /// <summary><c>'{} {0}'.format(a)</c>; fields are empty or a position.</summary>
    public static string Braces(string format, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            if (c != '{')
            {
                text.Append(c);
                continue;
            }

            var close = format.IndexOf('}', i);
            var field = close < 0 ? "?" : format[(i + 1)..close];
            var at = field.Length == 0 ? next++ : int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : -1;
            if (at < 0 || at >= values.Count)
            {
                throw EvaluationException.Invalid($"the format '{format}' has a field '{field}' without a value");
            }

            text.Append(PythonText.Str(values[at]));
            i = close;
        }

        return text.ToString();
    }

    private static string Field(string options, char kind, object? value)
    {
        var left = options.Contains('-', StringComparison.Ordinal);
        var zero = options.TrimStart('-', '+', ' ', '#').StartsWith('0');
        var numbers = options.TrimStart('-', '+', ' ', '#', '0').Split('.');
        var width = int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var w) ? w : 0;
        int? precision = numbers.Length > 1 ? int.Parse("0" + numbers[1], CultureInfo.InvariantCulture) : null;
        var content = kind switch
        {
            's' => PythonText.Str(value),
            'r' => PythonText.Repr(value),
            'd' or 'i' => PythonNumber.ToLong(value).ToString(CultureInfo.InvariantCulture),
            'f' => PythonNumber.ToDouble(value).ToString("F" + (precision ?? 6).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            'x' => PythonNumber.ToLong(value).ToString("x", CultureInfo.InvariantCulture),
            'o' => Convert.ToString(PythonNumber.ToLong(value), 8),
            _ => throw EvaluationException.Invalid($"unknown format field '%{kind}'"),
        };
        if (kind == 's' && precision < content.Length)
        {
            content = content[..precision.Value];
        }

        return left ? content.PadRight(width) : content.PadLeft(width, zero && kind != 's' ? '0' : ' ');
    }
}
