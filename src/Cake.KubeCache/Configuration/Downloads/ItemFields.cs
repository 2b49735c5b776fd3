using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>An item of <c>downloads</c> over <c>download_defaults</c>, each field evaluated when it is asked for.</summary>
internal sealed class ItemFields(string name, Mapping item, Mapping defaults, HostScope scope)
{
    /// <summary>The item's key in <c>downloads</c>.</summary>
    public string Name => name;

    /// <summary>A field's value; null where it is absent, null, or <c>omit</c>.</summary>
    /// <exception cref="EvaluationException">It cannot be evaluated.</exception>
    public object? Value(string field)
    {
        if (!item.TryGet(field, out var definition) && !defaults.TryGet(field, out definition))
        {
            return null;
        }

        var value = scope.Evaluate(definition);
        PythonOperators.Defined(value);
        return value is MagicVariables.Omit ? null : value;
    }

    /// <summary>A field as text; null where it is absent or empty. The text <c>None</c>, which old catalogues default to, counts as absent.</summary>
    public string? Text(string field) => Value(field) is { } value && PythonText.Str(value) is var text and not ("" or "None") ? text : null;

    /// <summary>A field as the exact text that it evaluates to; empty where it is absent.</summary>
    public string Raw(string field) => Value(field) is { } value ? PythonText.Str(value) : "";

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string field) => Value(field) is not null;

    /// <summary>A field as a list of texts; a single value is a list of one.</summary>
    public IReadOnlyList<string> Texts(string field) => Value(field) switch
    {
        null or "" or "None" => [],
        Sequence list => list.Select(PythonText.Str).ToList(),
        var one => [PythonText.Str(one)],
    };
}
