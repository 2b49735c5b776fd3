using Cake.KubeCache.Configuration.Variables;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>A host while inventories are read.</summary>
internal sealed class InventoryHost(string name, string source)
{
    public string Name { get; } = name;

    /// <summary>The inventory file that names it first.</summary>
    public string Source { get; } = source;

    /// <summary>Variables that the inventory files give it.</summary>
    public Dictionary<string, Variable> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups that list it themselves.</summary>
    public HashSet<InventoryGroup> Groups { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
