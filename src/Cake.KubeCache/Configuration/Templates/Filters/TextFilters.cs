using System.Globalization;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over texts.</summary>
internal static class TextFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("lower", c => c.InputText.ToLowerInvariant()),
        new("upper", c => c.InputText.ToUpperInvariant()),
        new("title", c => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(c.InputText.ToLowerInvariant())),
        new("capitalize", c => TextMethods.Call(c.InputText, "capitalize", Arguments.None)),
        new("trim", c => TextMethods.Call(c.InputText, "strip", c.Arguments)),
        new("string", c => c.InputText),
        new("split", c => TextMethods.Call(c.InputText, "split", c.Arguments)),
        new("join", Join),
        new("replace", c => c.Arguments.Get(2, "count") is { } count ? ReplaceFirst(c, PythonNumber.ToLong(count)) : TextMethods.Call(c.InputText, "replace", c.Arguments)),
        new("format", c => PythonFormat.Percent(c.InputText, c.Arguments.Positional)),
        new("quote", c => Quote(c.InputText)),
        new("indent", Indent),
        new("wordcount", c => (long)TextMethods.Split(c.InputText, null, -1).Count),
        new("comment", c => string.Join('\n', c.InputText.Split('\n').Select(l => ("# " + l).TrimEnd()))),
    ];

    private static string Join(FilterCall call)
    {
        var attribute = call.Arguments.Get(1, "attribute");
        var items = attribute is null ? call.Items : call.Items.Select(i => SelectionFilters.Attribute(i, PythonText.Str(attribute)));
        return string.Join(call.Arguments.Text(0, "d", ""), items.Select(PythonText.Str));
    }

    private static string ReplaceFirst(FilterCall call, long count)
    {
        var (text, old, by) = (call.InputText, call.Arguments.Text(0, "old"), call.Arguments.Text(1, "new"));
        for (var at = 0; count > 0 && old.Length > 0 && (at = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; count--)
        {
            text = text[..at] + by + text[(at + old.Length)..];
            at += by.Length;
        }

        return text;
    }

    /// <summary>As <c>shlex.quote</c>: quoted only where the shell would see more than a word.</summary>
    private static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "@%_-+=:,./".Contains(c, StringComparison.Ordinal))
            ? text
            : "'" + text.Replace("'", "'\"'\"'", StringComparison.Ordinal) + "'";

    private static string Indent(FilterCall call)
    {
        var width = call.Arguments.Get(0, "width", 4L);
        var prefix = width as string ?? new string(' ', (int)Math.Clamp(PythonNumber.ToLong(width), 0, 1000));
        var lines = call.InputText.Split('\n');
        return string.Join('\n', lines.Select((line, i) => (i == 0 && !call.Arguments.Flag(1, "first")) || (line.Length == 0 && !call.Arguments.Flag(2, "blank")) ? line : prefix + line));
    }
}
