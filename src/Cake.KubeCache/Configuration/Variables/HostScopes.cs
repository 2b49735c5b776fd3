using Cake.KubeCache.Configuration.Inventory;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>The scopes of all hosts, which read each other through <c>hostvars</c>. Not safe for threads: callers take turns.</summary>
internal sealed class HostScopes
{
    private readonly Dictionary<string, HostLayers> _layers;
    private readonly IReadOnlyDictionary<string, HostClass> _classes;
    private readonly Dictionary<(string Host, HostFacts Facts), HostScope> _scopes = [];
    private readonly Dictionary<string, HostFacts> _facts = new(StringComparer.Ordinal);

    public HostScopes(VariableStore store)
    {
        Store = store;
        var byGroups = new Dictionary<string, IReadOnlyList<VariableLayer>>(StringComparer.Ordinal);
        var layers = store.Tree.Hosts.Select(h => Layers(h, byGroups)).ToList();
        _layers = layers.ToDictionary(l => l.Host.Name, StringComparer.Ordinal);
        _classes = HostClasses.Of(store, layers);
        Ranges = new VersionRanges(store);
    }

    public VariableStore Store { get; }

    /// <summary>What is being evaluated.</summary>
    public EvaluationTrail Trail { get; } = new();

    /// <summary>Resolves ranges of versions.</summary>
    public VersionRanges Ranges { get; }

    /// <summary>Whether there is a host of this name.</summary>
    public bool Has(string host) => _layers.ContainsKey(host);

    public HostClass ClassOf(string host) => _classes[host];

    public HostLayers LayersOf(string host) => _layers[host];

    /// <summary>The scope of a host with facts, which other hosts see from now on, too.</summary>
    public HostScope Of(string host, HostFacts facts)
    {
        _facts[host] = facts;
        if (!_scopes.TryGetValue((host, facts), out var scope))
        {
            _scopes.Add((host, facts), scope = new HostScope(this, _layers[host], facts));
        }

        return scope;
    }

    /// <summary>The scope of a host as other hosts see it.</summary>
    public HostScope Seen(string host) => Of(host, _facts.GetValueOrDefault(host, HostFacts.Default));

    private HostLayers Layers(InventoryHost host, Dictionary<string, IReadOnlyList<VariableLayer>> byGroups)
    {
        var groups = Store.Tree.GroupsOf(host);
        var key = string.Join('\n', groups);
        if (!byGroups.TryGetValue(key, out var ofGroups))
        {
            byGroups.Add(key, ofGroups = Store.Inventory.OfGroups(Store.Tree.All, groups));
        }

        return new HostLayers(host, groups, ofGroups, Store.Inventory.OfHost(host));
    }
}
