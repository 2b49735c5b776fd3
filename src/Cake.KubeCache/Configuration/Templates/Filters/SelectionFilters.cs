using System.Globalization;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters that apply a test, a filter or an attribute to each item.</summary>
internal static class SelectionFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("map", Map),
        new("select", c => new Sequence(c.Items.Where(i => Holds(c, i, i, 0)))),
        new("reject", c => new Sequence(c.Items.Where(i => !Holds(c, i, i, 0)))),
        new("selectattr", c => new Sequence(c.Items.Where(i => Holds(c, i, Attribute(i, c.Arguments.Text(0, "attribute")), 1)))),
        new("rejectattr", c => new Sequence(c.Items.Where(i => !Holds(c, i, Attribute(i, c.Arguments.Text(0, "attribute")), 1)))),
        new("groupby", c => new Sequence(c.Items.GroupBy(i => Attribute(i, c.Arguments.Text(0, "attribute")), PythonEquality.Instance)
            .OrderBy(g => g.Key, Comparer<object?>.Create(PythonOperators.Compare))
            .Select(g => (object?)new Sequence([g.Key, new Sequence(g)], tuple: true)))),
        new("attr", c => Attribute(c.Input, c.Arguments.Text(0, "name"))),
        new("extract", Extract),
    ];

    /// <summary>An attribute by a path such as <c>a.b.0</c>.</summary>
    public static object? Attribute(object? item, string path)
    {
        foreach (var part in path.Split('.'))
        {
            PythonOperators.Defined(item);
            object? value = null;
            var found = item switch
            {
                IIndexed indexed => indexed.TryIndex(part, out value) || (long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var key) && indexed.TryIndex(key, out value)),
                Sequence or string => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && PythonSlice.TryAt(item, at, out value),
                _ => false,
            };
            if (!found)
            {
                return new Undefined(new Fault($"{PythonText.Describe(item)} has no '{part}'"));
            }

            item = value;
        }

        return item;
    }

    private static Sequence Map(FilterCall call)
    {
        if (call.Arguments.Positional.Count == 0 && call.Arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var otherwise = call.Arguments.Named.TryGetValue("default", out var value) ? value : null;
            return new Sequence(call.Items.Select(i => Attribute(i, PythonText.Str(attribute)) is var found && found is Undefined && otherwise is not null ? otherwise : found));
        }

        var name = call.Arguments.Text(0, "filter");
        var filter = FilterTable.Find(name) ?? throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the filter '{name}' is not known") { Hint = FilterTable.Nearest(name) });
        var arguments = call.Arguments.Skip(1);
        return new Sequence(call.Items.Select(i => filter(call with { Input = i, Arguments = arguments })));
    }

    private static bool Holds(FilterCall call, object? item, object? subject, int skip)
    {
        if (call.Arguments.Positional.Count <= skip)
        {
            return PythonTruth.Of(skip == 0 ? item : subject);
        }

        var name = call.Arguments.Text(skip, "test");
        var test = TestTable.Find(name) ?? throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the test '{name}' is not known") { Hint = TestTable.Nearest(name) });
        if (!TestTable.AcceptsUndefined(name))
        {
            PythonOperators.Defined(subject);
        }

        return test(call with { Input = subject, Arguments = call.Arguments.Skip(skip + 1) });
    }

    /// <summary><c>key | extract(container, morekeys)</c>.</summary>
    private static object? Extract(FilterCall call)
    {
        var keys = new List<object?> { call.Input };
        switch (call.Arguments.Get(1, "morekeys"))
        {
            case null:
                break;
            case Sequence more:
                keys.AddRange(more);
                break;
            case var one:
                keys.Add(one);
                break;
        }

        return keys.Aggregate(call.Arguments.Require(0, "container"), (value, key) => value switch
        {
            IIndexed indexed when indexed.TryIndex(key, out var entry) => entry,
            Sequence when key is long at && PythonSlice.TryAt(value, at, out var entry) => entry,
            Undefined => value,
            _ => new Undefined(new Fault($"{PythonText.Describe(value)} has no key {PythonText.Repr(key)}")),
        });
    }
}
