using System.Globalization;
using System.Text;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Values as text: Python's <c>str()</c> and <c>repr()</c>.</summary>
internal static class PythonText
{
    /// <summary>Python's <c>str()</c>.</summary>
    /// <exception cref="EvaluationException">The value is undefined.</exception>
    public static string Str(object? value) => value switch
    {
        string text => text,
        null => "None",
        Undefined { IsLenient: true } => "",
        _ => Repr(value),
    };

    /// <summary>Python's <c>repr()</c>.</summary>
    /// <exception cref="EvaluationException">The value is undefined.</exception>
    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    /// <summary>A value's kind in words, for messages. A text's content is left out: it may be a secret.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a text",
        bool or long or double => $"the number {Str(value)}",
        Sequence => "a list",
        IIndexed => "a mapping",
        Undefined undefined => undefined.Fault.What,
        _ => "a value of unknown kind",
    };

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case string s:
                Quote(text, s);
                break;
            case bool flag:
                text.Append(flag ? "True" : "False");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(PythonNumber.Repr(number));
                break;
            case Undefined undefined:
                throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault);
            case Sequence sequence:
                text.Append(sequence.IsTuple ? '(' : '[');
                for (var i = 0; i < sequence.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Write(text, sequence[i]);
                }

                text.Append(sequence.IsTuple ? sequence.Count == 1 ? ",)" : ")" : "]");
                break;
            case Mapping mapping:
                text.Append('{');
                for (var i = 0; i < mapping.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    Write(text, mapping.Entries[i].Key);
                    text.Append(": ");
                    Write(text, mapping.Entries[i].Value);
                }

                text.Append('}');
                break;
            default:
                throw EvaluationException.Invalid("this value cannot be printed");
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\\' => text.Append("\\\\"),
                _ when c == quote => text.Append('\\').Append(c),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        }

        text.Append(quote);
    }
}
