namespace Cake.KubeCache.Configuration.Variables;

/// <summary>
/// Hosts that have the same groups and the same own variables apart from those in <see cref="Varying"/>: whatever is evaluated without
/// reading one of these is the same for all of them and is evaluated once.
/// </summary>
internal sealed class HostClass
{
    private readonly Dictionary<HostFacts, Dictionary<string, object?>> _values = [];

    public HostClass(VariableStore store, HostLayers sample, IReadOnlySet<string> varying)
    {
        Varying = varying;
        Defaults = HostLayers.Flatten(store.Catalogue.Defaults);
        Inventory = HostLayers.Flatten(sample.OfGroups);
        Constants = HostLayers.Flatten(store.Catalogue.Constants.Append(store.Extra));
    }

    /// <summary>Names that at least one of the hosts defines for itself, each with its own value.</summary>
    public IReadOnlySet<string> Varying { get; }

    /// <summary>Role defaults.</summary>
    public IReadOnlyDictionary<string, Variable> Defaults { get; }

    /// <summary>Definitions of groups.</summary>
    public IReadOnlyDictionary<string, Variable> Inventory { get; }

    /// <summary>Role vars and extra variables, which no host can override.</summary>
    public IReadOnlyDictionary<string, Variable> Constants { get; }

    /// <summary>What was evaluated without reading anything of a single host, by name.</summary>
    public Dictionary<string, object?> ValuesFor(HostFacts facts)
    {
        if (!_values.TryGetValue(facts, out var values))
        {
            _values.Add(facts, values = new(StringComparer.Ordinal));
        }

        return values;
    }
}
