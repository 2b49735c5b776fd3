using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over lists.</summary>
internal static class ListFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("list", c => new Sequence(c.Items)),
        new("length", c => PythonOperators.Length(c.Input)),
        new("count", c => PythonOperators.Length(c.Input)),
        new("first", c => c.Items.Select(i => (Found: true, Item: i)).FirstOrDefault() is (true, var item) ? item : Undefined.Name("first item of an empty list")),
        new("last", c => c.Items.Select(i => (Found: true, Item: i)).LastOrDefault() is (true, var item) ? item : Undefined.Name("last item of an empty list")),
        new("unique", c => new Sequence(c.Items.Distinct(PythonEquality.Instance))),
        new("union", c => new Sequence(c.Items.Concat(Other(c)).Distinct(PythonEquality.Instance))),
        new("intersect", c => new Sequence(c.Items.Where(i => PythonOperators.Contains(Set(c), i)).Distinct(PythonEquality.Instance))),
        new("difference", c => new Sequence(c.Items.Where(i => !PythonOperators.Contains(Set(c), i)).Distinct(PythonEquality.Instance))),
        new("symmetric_difference", c => new Sequence(c.Items.Concat(Other(c)).Distinct(PythonEquality.Instance).Where(i => PythonOperators.Contains(c.Input, i) != PythonOperators.Contains(Set(c), i)))),
        new("flatten", c => new Sequence(Flatten(c.Items, c.Arguments.Get(0, "levels") is { } levels ? PythonNumber.ToLong(levels) : long.MaxValue, !c.Arguments.Named.TryGetValue("skip_nulls", out var skip) || PythonTruth.Of(skip)))),
        new("reverse", c => c.Input is string text ? string.Concat(text.Reverse()) : new Sequence(c.Items.Reverse())),
        new("sort", Sort),
        new("min", c => Extreme(c, -1)),
        new("max", c => Extreme(c, 1)),
        new("sum", c => (c.Arguments.Get(0, "attribute") is { } attribute ? c.Items.Select(i => SelectionFilters.Attribute(i, PythonText.Str(attribute))) : c.Items)
            .Aggregate(c.Arguments.Get(1, "start", 0L), (total, i) => PythonOperators.Arithmetic("+", total, i))),
        new("random", Random),
        new("zip", c => new Sequence(Zip(c.Arguments.Positional.Prepend(c.Input).Select(l => PythonOperators.Iterate(l).ToList()).ToList()))),
        new("product", c => new Sequence(c.Arguments.Positional.Aggregate(c.Items.Select(i => new Sequence([i], tuple: true)), (rows, next) => rows.SelectMany(r => PythonOperators.Iterate(next).Select(i => new Sequence(r.Append(i), tuple: true)))))),
        new("batch", c => new Sequence(c.Items.Chunk((int)Math.Max(1, PythonNumber.ToLong(c.Arguments.Require(0, "linecount")))).Select(b => (object?)new Sequence(b)))),
    ];

    private static IEnumerable<object?> Other(FilterCall call) => PythonOperators.Iterate(call.Arguments.Require(0, "b"));

    private static object? Set(FilterCall call) => call.Arguments.Require(0, "b");

    private static IEnumerable<object?> Flatten(IEnumerable<object?> items, long levels, bool skipNulls)
    {
        foreach (var item in items)
        {
            if (item is Sequence nested && levels > 0)
            {
                foreach (var inner in Flatten(nested, levels - 1, skipNulls))
                {
                    yield return inner;
                }
            }
            else if (!skipNulls || item is not null and not "None" and not "null")
            {
                yield return item;
            }
        }
    }

    private static Sequence Sort(FilterCall call)
    {
        var attribute = call.Arguments.Get(2, "attribute");
        var sensitive = call.Arguments.Flag(1, "case_sensitive");
        var sorted = call.Items
            .Select(i => (Item: i, Key: attribute is null ? i : SelectionFilters.Attribute(i, PythonText.Str(attribute))))
            .Select(p => (p.Item, Key: !sensitive && p.Key is string text ? text.ToLowerInvariant() : p.Key))
            .OrderBy(p => p.Key, Comparer<object?>.Create(PythonOperators.Compare))
            .Select(p => p.Item);
        return new Sequence(call.Arguments.Flag(0, "reverse") ? sorted.Reverse() : sorted);
    }

    private static object? Extreme(FilterCall call, int sign)
    {
        object? best = Undefined.Name("an item of an empty list");
        foreach (var item in call.Items)
        {
            best = best is Undefined || PythonOperators.Compare(item, best) * sign > 0 ? item : best;
        }

        return best;
    }

    /// <summary>
    /// A choice that is the same in every run: a plan must not change by chance, so the place comes from a hash of the seed, or of
    /// the input where there is none.
    /// </summary>
    private static object? Random(FilterCall call)
    {
        var seed = PythonText.Str(call.Arguments.Named.GetValueOrDefault("seed") ?? PythonText.Repr(call.Input));
        var number = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(seed)));
        if (call.Input is not long end)
        {
            var items = call.Items.ToList();
            return items.Count == 0 ? Undefined.Name("a random item of an empty list") : items[(int)(number % (uint)items.Count)];
        }

        var start = PythonNumber.ToLong(call.Arguments.Get(0, "start", 0L));
        var step = Math.Max(1, PythonNumber.ToLong(call.Arguments.Get(1, "step", 1L)));
        var choices = (end - start + step - 1) / step;
        return choices <= 0 ? throw EvaluationException.Invalid("random has an empty range") : start + (number % choices * step);
    }

    private static IEnumerable<object?> Zip(List<List<object?>> lists)
    {
        for (var i = 0; i < lists.Min(l => l.Count); i++)
        {
            yield return new Sequence(lists.Select(l => l[i]), tuple: true);
        }
    }
}
