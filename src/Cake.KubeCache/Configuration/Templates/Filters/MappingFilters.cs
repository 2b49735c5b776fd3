using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over mappings.</summary>
internal static class MappingFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("dict2items", DictToItems),
        new("items2dict", ItemsToDict),
        new("items", c => Methods.Call(OfMapping(c.Input, "items"), "items", Arguments.None)),
        new("dictsort", DictSort),
        new("combine", Combine),
        new("dict", c => new Mapping(c.Items.Select(PythonOperators.Iterate).Select(p => p.ToList()).Select(p => new KeyValuePair<object, object?>(p[0] ?? "None", p[1])))),
    ];

    /// <summary>Merges mappings, the later over the earlier; nested ones too where asked for.</summary>
    public static Mapping Merge(Mapping low, Mapping high, bool recursive, string listMerge)
    {
        var result = new Mapping(low);
        foreach (var (key, value) in high)
        {
            result[key] = !recursive && listMerge == "replace" ? value
                : low.TryGet(key, out var existing) ? (existing, value) switch
                {
                    (Mapping a, Mapping b) when recursive => Merge(a, b, recursive, listMerge),
                    (Sequence a, Sequence b) => Lists(a, b, listMerge),
                    _ => value,
                }
                : value;
        }

        return result;
    }

    private static Sequence Lists(Sequence low, Sequence high, string how) => how switch
    {
        "replace" => high,
        "keep" => low,
        "append" => new Sequence(low.Concat(high)),
        "prepend" => new Sequence(high.Concat(low)),
        "append_rp" => new Sequence(low.Where(i => !PythonOperators.Contains(high, i)).Concat(high)),
        "prepend_rp" => new Sequence(high.Concat(low.Where(i => !PythonOperators.Contains(high, i)))),
        _ => throw EvaluationException.Invalid($"'{how}' is no way to merge lists"),
    };

    private static Mapping Combine(FilterCall call)
    {
        var recursive = call.Arguments.Named.TryGetValue("recursive", out var deep) && PythonTruth.Of(deep);
        var lists = call.Arguments.Named.TryGetValue("list_merge", out var how) ? PythonText.Str(how) : "replace";
        return call.Arguments.Positional.Prepend(call.Input)
            .SelectMany(t => t is Sequence many ? many : (IEnumerable<object?>)[t])
            .Select(t => OfMapping(t, "combine"))
            .Aggregate(new Mapping(), (low, high) => Merge(low, high, recursive, lists));
    }

    private static Sequence DictToItems(FilterCall call)
    {
        var (key, value) = (call.Arguments.Text(0, "key_name", "key"), call.Arguments.Text(1, "value_name", "value"));
        return new Sequence(OfMapping(call.Input, "dict2items").Select(e => (object?)new Mapping { [key] = e.Key, [value] = e.Value }));
    }

    private static Mapping ItemsToDict(FilterCall call)
    {
        var (key, value) = (call.Arguments.Text(0, "key_name", "key"), call.Arguments.Text(1, "value_name", "value"));
        return new Mapping(call.Items.Select(i => OfMapping(i, "items2dict")).Select(i =>
            i.TryGet(key, out var k) && i.TryGet(value, out var v)
                ? new KeyValuePair<object, object?>(k ?? "None", v)
                : throw EvaluationException.Invalid($"items2dict needs items with '{key}' and '{value}'")));
    }

    private static Sequence DictSort(FilterCall call)
    {
        var by = call.Arguments.Text(1, "by", "key");
        var entries = OfMapping(call.Input, "dictsort")
            .OrderBy(e => (by == "value" ? e.Value : e.Key) is var k && k is string text && !call.Arguments.Flag(0, "case_sensitive") ? text.ToLowerInvariant() : k, Comparer<object?>.Create(PythonOperators.Compare))
            .Select(e => (object?)new Sequence([e.Key, e.Value], tuple: true));
        return new Sequence(call.Arguments.Flag(2, "reverse") ? entries.Reverse() : entries);
    }

    private static Mapping OfMapping(object? value, string filter)
    {
        PythonOperators.Defined(value);
        return value as Mapping ?? throw EvaluationException.Invalid($"'{filter}' needs a mapping, not {PythonText.Describe(value)}");
    }
}
