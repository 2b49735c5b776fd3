using System.Globalization;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Functions that templates call by name.</summary>
internal static class Globals
{
    /// <summary>The function of a name, or null.</summary>
    public static FilterFunction? Find(string name) => name switch
    {
        "lookup" => call => Lookups.Run(call, asList: false),
        "query" or "q" => call => Lookups.Run(call, asList: true),
        "range" => Range,
        "dict" => call => new Mapping(call.Arguments.Named.Select(n => new KeyValuePair<object, object?>(n.Key, n.Value))),
        "namespace" => call => new Mapping(call.Arguments.Named.Select(n => new KeyValuePair<object, object?>(n.Key, n.Value))),
        "undef" => call => new Undefined(new Fault(call.Arguments.Get(0, "hint") is string hint ? hint : "a mandatory variable has not been overridden")),
        _ => null,
    };

    private static Sequence Range(FilterCall call)
    {
        var numbers = call.Arguments.Positional.Select(PythonNumber.ToLong).ToList();
        var (start, stop, step) = numbers switch
        {
            [var end] => (0L, end, 1L),
            [var begin, var end] => (begin, end, 1L),
            [var begin, var end, var by] when by != 0 => (begin, end, by),
            _ => throw EvaluationException.Invalid("range takes one to three numbers, and no step of zero"),
        };
        var items = new Sequence();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            items.Add(i);
            if (items.Count > 1_000_000)
            {
                throw EvaluationException.Invalid(string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop}) is too long"));
            }
        }

        return items;
    }
}
