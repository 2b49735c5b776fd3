using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters with regular expressions.</summary>
internal static class RegexFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("regex_replace", c => PythonRegex.Of(c).Replace(c.InputText, m => PythonRegex.Expand(c.Arguments.Text(1, "replacement", ""), m))),
        new("regex_search", Search),
        new("regex_findall", FindAll),
        new("regex_escape", c => string.Concat(c.InputText.Select(ch => char.IsLetterOrDigit(ch) || ch is '_' or '/' or '"' or '\'' or ',' or ':' or '=' or '@' or '`' or '<' or '>' or '!' or '%' or ';' ? ch.ToString() : "\\" + ch))),
    ];

    private static object? Search(FilterCall call)
    {
        var match = PythonRegex.Of(call, "regex").Match(call.InputText);
        if (!match.Success)
        {
            return null;
        }

        var groups = call.Arguments.Skip(1).Positional;
        return groups.Count == 0 ? match.Value : new Sequence(groups.Select(g => (object?)PythonRegex.Expand(PythonText.Str(g), match)));
    }

    private static Sequence FindAll(FilterCall call) => new(PythonRegex.Of(call, "regex").Matches(call.InputText).Select(m => m.Groups.Count switch
    {
        1 => m.Value,
        2 => m.Groups[1].Value,
        _ => (object?)new Sequence(m.Groups.Values.Skip(1).Select(g => (object?)g.Value), tuple: true),
    }));
}
