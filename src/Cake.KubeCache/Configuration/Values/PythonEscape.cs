using System.Globalization;
using System.Text;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Backslash escapes of Python string literals.</summary>
internal static class PythonEscape
{
    /// <summary>Reads what follows a backslash; an unknown escape stays as it is. False when a numeric escape is cut off.</summary>
    public static bool TryRead(string source, ref int at, StringBuilder into)
    {
        if (at >= source.Length)
        {
            return false;
        }

        var c = source[at++];
        switch (c)
        {
            case 'n':
                into.Append('\n');
                return true;
            case 't':
                into.Append('\t');
                return true;
            case 'r':
                into.Append('\r');
                return true;
            case 'a' or 'b' or 'f' or 'v':
                into.Append(c switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', _ => '\v' });
                return true;
            case '\\' or '\'' or '"':
                into.Append(c);
                return true;
            case '\n':
                return true;
            case 'x' or 'u' or 'U':
                var digits = c switch { 'x' => 2, 'u' => 4, _ => 8 };
                if (at + digits > source.Length || !int.TryParse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
                {
                    return false;
                }

                into.Append(new Rune(code).ToString());
                at += digits;
                return true;
            case >= '0' and <= '7':
                var octal = c - '0';
                for (var i = 0; i < 2 && at < source.Length && source[at] is >= '0' and <= '7'; i++)
                {
                    octal = (octal * 8) + (source[at++] - '0');
                }

                into.Append((char)octal);
                return true;
            default:
                into.Append('\\').Append(c);
                return true;
        }
    }

    /// <summary>A whole text with its escapes read.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var c = text[at++];
            if (c != '\\')
            {
                result.Append(c);
            }
            else if (!TryRead(text, ref at, result))
            {
                throw EvaluationException.Invalid($"'{text}' has an escape that is cut off");
            }
        }

        return result.ToString();
    }
}
