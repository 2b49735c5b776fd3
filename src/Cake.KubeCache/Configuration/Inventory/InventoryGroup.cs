using Cake.KubeCache.Configuration.Variables;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>A group while inventories are read.</summary>
internal sealed class InventoryGroup(string name)
{
    public string Name { get; } = name;

    /// <summary>Variables that the inventory files give it.</summary>
    public Dictionary<string, Variable> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Hosts that are listed in this group itself, in order.</summary>
    public List<InventoryHost> Hosts { get; } = [];

    public List<InventoryGroup> Children { get; } = [];

    public List<InventoryGroup> Parents { get; } = [];

    /// <summary>The longest way from <c>all</c>, which decides whose variables win.</summary>
    public int Depth { get; set; }

    /// <summary><c>ansible_group_priority</c>.</summary>
    public long Priority { get; set; } = 1;

    /// <summary>Lists a host, once.</summary>
    public void Add(InventoryHost host)
    {
        if (host.Groups.Add(this))
        {
            Hosts.Add(host);
        }
    }

    /// <summary>Makes a group a child of this one, once.</summary>
    public void Add(InventoryGroup child)
    {
        if (!Children.Contains(child))
        {
            Children.Add(child);
            child.Parents.Add(this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
