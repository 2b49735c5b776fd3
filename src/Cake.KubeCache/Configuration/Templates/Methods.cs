using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Methods of texts, lists and mappings.</summary>
internal static class Methods
{
    /// <summary>Whether a value has a method.</summary>
    public static bool Has(object target, string name) => target switch
    {
        string => TextMethods.Has(name),
        Sequence => name is "append" or "extend" or "insert" or "index" or "count" or "pop" or "remove" or "reverse" or "copy",
        IIndexed => name is "get" or "keys" or "values" or "items" or "update" or "copy" or "pop" or "setdefault",
        _ => false,
    };

    /// <summary>Whether a method changes what it is called on.</summary>
    public static bool Changes(string name) => name is "append" or "extend" or "insert" or "pop" or "remove" or "reverse" or "update" or "setdefault";

    /// <summary>Calls a method.</summary>
    public static object? Call(object target, string name, Arguments arguments) => target switch
    {
        string text => TextMethods.Call(text, name, arguments),
        Sequence sequence => Of(sequence, name, arguments),
        IIndexed mapping => Of(mapping, name, arguments),
        _ => throw EvaluationException.Invalid($"{PythonText.Describe(target)} has no method '{name}'"),
    };

    private static object? Of(Sequence sequence, string name, Arguments arguments)
    {
        switch (name)
        {
            case "index":
                var at = sequence.Items.FindIndex(i => PythonEquality.AreEqual(i, arguments.Require(0, "value")));
                return at >= 0 ? (long)at : throw EvaluationException.Invalid($"{PythonText.Describe(arguments.Get(0, "value"))} is not in the list");
            case "count":
                return sequence.LongCount(i => PythonEquality.AreEqual(i, arguments.Require(0, "value")));
            case "copy":
                return new Sequence(sequence);
        }

        if (sequence.IsTuple)
        {
            throw EvaluationException.Invalid($"a tuple has no '{name}'");
        }

        switch (name)
        {
            case "append":
                sequence.Add(arguments.Require(0, "object"));
                return null;
            case "extend":
                sequence.Items.AddRange(PythonOperators.Iterate(arguments.Require(0, "iterable")).ToList());
                return null;
            case "insert":
                sequence.Items.Insert((int)Math.Clamp(PythonNumber.ToLong(arguments.Require(0, "index")), 0, sequence.Count), arguments.Require(1, "object"));
                return null;
            case "reverse":
                sequence.Items.Reverse();
                return null;
            case "remove":
                var found = sequence.Items.FindIndex(i => PythonEquality.AreEqual(i, arguments.Require(0, "value")));
                sequence.Items.RemoveAt(found >= 0 ? found : throw EvaluationException.Invalid("the list does not hold the item to remove"));
                return null;
            default:
                var position = PythonNumber.ToLong(arguments.Get(0, "index", -1L));
                if (!PythonSlice.TryAt(sequence, position, out var popped))
                {
                    throw EvaluationException.Invalid("the list does not hold the item to pop");
                }

                sequence.Items.RemoveAt((int)(position < 0 ? position + sequence.Count : position));
                return popped;
        }
    }

    private static object? Of(IIndexed mapping, string name, Arguments arguments)
    {
        switch (name)
        {
            case "get":
                return mapping.TryIndex(arguments.Require(0, "key"), out var value) && value is not Undefined ? value : arguments.Get(1, "default");
            case "keys":
                return new Sequence(mapping.Keys);
            case "values":
                return new Sequence(mapping.Keys.Select(k => mapping.TryIndex(k, out var v) ? v : null));
            case "items":
                return new Sequence(mapping.Keys.Select(k => (object?)new Sequence([k, mapping.TryIndex(k, out var v) ? v : null], tuple: true)));
        }

        if (mapping is not Mapping entries)
        {
            throw EvaluationException.Invalid($"'{name}' does not work on this mapping");
        }

        if (name == "copy")
        {
            return new Mapping(entries);
        }

        var key = name == "update" ? "" : arguments.Require(0, "key") ?? "None";
        switch (name)
        {
            case "update":
                foreach (var (k, v) in arguments.Get(0, "other") as Mapping ?? new Mapping(arguments.Named.Select(n => new KeyValuePair<object, object?>(n.Key, n.Value))))
                {
                    entries[k] = v;
                }

                return null;
            case "setdefault":
                if (!entries.TryGet(key, out var existing))
                {
                    entries[key] = existing = arguments.Get(1, "default");
                }

                return existing;
            default:
                var had = entries.TryGet(key, out var popped);
                entries.Remove(key);
                return had ? popped : arguments.Positional.Count > 1 ? arguments.Get(1, "default") : throw EvaluationException.Invalid($"the mapping has no key {PythonText.Repr(key)} to pop");
        }
    }
}
