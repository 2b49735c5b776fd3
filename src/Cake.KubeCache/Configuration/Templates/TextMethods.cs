using System.Buffers;
using System.Globalization;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Python's methods of texts.</summary>
internal static class TextMethods
{
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\n\r\f\v");

    /// <summary>Whether texts have a method.</summary>
    public static bool Has(string name) =>
        name is "split" or "rsplit" or "splitlines" or "join" or "strip" or "lstrip" or "rstrip" or "startswith" or "endswith" or "replace" or "lower" or "upper" or
            "title" or "capitalize" or "format" or "find" or "rfind" or "index" or "count" or "zfill" or "isdigit" or "isalpha" or "isalnum" or "partition" or "rpartition" or "ljust" or "rjust" or
            "removeprefix" or "removesuffix";

    /// <summary>Calls a method.</summary>
    public static object? Call(string text, string name, Arguments a) => name switch
    {
        "split" => Split(text, a.Get(0, "sep"), Limit(a)),
        "rsplit" => RightSplit(text, a.Get(0, "sep"), Limit(a)),
        "splitlines" => new Sequence(text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(l => (object?)l.TrimEnd('\r'))),
        "join" => string.Join(text, PythonOperators.Iterate(a.Require(0, "iterable")).Select(PythonText.Str)),
        "strip" => text.Trim(Characters(a)),
        "lstrip" => text.TrimStart(Characters(a)),
        "rstrip" => text.TrimEnd(Characters(a)),
        "startswith" => Any(a, p => text.StartsWith(p, StringComparison.Ordinal)),
        "endswith" => Any(a, p => text.EndsWith(p, StringComparison.Ordinal)),
        "replace" => a.Text(0, "old") is { Length: > 0 } old ? text.Replace(old, a.Text(1, "new"), StringComparison.Ordinal) : text,
        "lower" => text.ToLowerInvariant(),
        "upper" => text.ToUpperInvariant(),
        "title" => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant()),
        "capitalize" => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant(),
        "format" => PythonFormat.Braces(text, a.Positional),
        "find" => (long)text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal),
        "rfind" => (long)text.LastIndexOf(a.Text(0, "sub"), StringComparison.Ordinal),
        "index" => text.IndexOf(a.Text(0, "sub"), StringComparison.Ordinal) is >= 0 and var at ? (long)at : throw EvaluationException.Invalid($"'{a.Text(0, "sub")}' is not in '{text}'"),
        "count" => a.Text(0, "sub") is { Length: > 0 } part ? (long)(text.Split(part).Length - 1) : text.Length + 1L,
        "zfill" => text.StartsWith('-') ? "-" + text[1..].PadLeft(Width(a) - 1, '0') : text.PadLeft(Width(a), '0'),
        "isdigit" => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "partition" => Partition(text, a.Text(0, "sep"), text.IndexOf(a.Text(0, "sep"), StringComparison.Ordinal), last: false),
        "rpartition" => Partition(text, a.Text(0, "sep"), text.LastIndexOf(a.Text(0, "sep"), StringComparison.Ordinal), last: true),
        "ljust" => text.PadRight(Width(a)),
        "rjust" => text.PadLeft(Width(a)),
        "removeprefix" => a.Text(0, "prefix") is var prefix && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text,
        "removesuffix" => a.Text(0, "suffix") is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        _ => throw EvaluationException.Invalid($"texts have no method '{name}'"),
    };

    /// <summary>Python's <c>split</c>: at runs of white space where no separator is given.</summary>
    public static Sequence Split(string text, object? separator, int limit)
    {
        if (separator is null)
        {
            var words = new Sequence();
            var rest = text.AsSpan().TrimStart();
            while (rest.Length > 0)
            {
                var end = rest.IndexOfAny(WhiteSpace);
                if (end < 0 || words.Count == limit)
                {
                    words.Add(rest.TrimEnd().ToString());
                    break;
                }

                words.Add(rest[..end].ToString());
                rest = rest[end..].TrimStart();
            }

            return words;
        }

        var by = PythonText.Str(separator);
        return by.Length == 0
            ? throw EvaluationException.Invalid("the separator to split at is empty")
            : new Sequence(text.Split(by, limit < 0 ? int.MaxValue : limit + 1));
    }

    private static Sequence RightSplit(string text, object? separator, int limit)
    {
        var all = Split(text, separator, -1);
        if (limit < 0 || all.Count <= limit + 1)
        {
            return all;
        }

        var by = separator is null ? " " : PythonText.Str(separator);
        var head = string.Join(by, all.Take(all.Count - limit).Cast<string>());
        return new Sequence(all.Skip(all.Count - limit).Prepend(head));
    }

    private static Sequence Partition(string text, string separator, int at, bool last) => at < 0
        ? new Sequence(last ? ["", "", text] : [text, "", ""], tuple: true)
        : new Sequence([text[..at], separator, text[(at + separator.Length)..]], tuple: true);

    private static int Limit(Arguments a) => (int)PythonNumber.ToLong(a.Get(1, "maxsplit", -1L));

    private static int Width(Arguments a) => (int)Math.Clamp(PythonNumber.ToLong(a.Require(0, "width")), 0, 10_000);

    private static char[]? Characters(Arguments a) => a.Get(0, "chars") is string chars ? chars.ToCharArray() : null;

    private static bool Any(Arguments a, Func<string, bool> holds) =>
        a.Require(0, "prefix") is Sequence many ? many.Select(PythonText.Str).Any(holds) : holds(a.Text(0, "prefix"));
}
