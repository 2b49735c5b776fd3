using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>Hosts and groups of all inventories together.</summary>
internal sealed class InventoryTree
{
    private readonly Dictionary<string, InventoryGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InventoryHost> _hosts = new(StringComparer.Ordinal);
    private readonly List<InventoryHost> _order = [];

    public InventoryTree()
    {
        All = Group("all");
        Ungrouped = Group("ungrouped");
    }

    /// <summary>The group of every host.</summary>
    public InventoryGroup All { get; }

    /// <summary>The group of the hosts that no other group lists.</summary>
    public InventoryGroup Ungrouped { get; }

    public IReadOnlyDictionary<string, InventoryGroup> Groups => _groups;

    /// <summary>Hosts in the order in which they were first named.</summary>
    public IReadOnlyList<InventoryHost> Hosts => _order;

    /// <summary>The group of a name, made where there is none.</summary>
    public InventoryGroup Group(string name)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            _groups.Add(name, group = new InventoryGroup(name));
        }

        return group;
    }

    /// <summary>The host of a name, made where there is none.</summary>
    public InventoryHost Host(string name, string source)
    {
        if (!_hosts.TryGetValue(name, out var host))
        {
            _hosts.Add(name, host = new InventoryHost(name, source));
            _order.Add(host);
        }

        return host;
    }

    public InventoryHost? FindHost(string name) => _hosts.GetValueOrDefault(name);

    /// <summary>
    /// Ties loose ends: every group descends from <c>all</c>, hosts without a group are <c>ungrouped</c>, depths are known.
    /// </summary>
    /// <exception cref="KubeCacheException">Groups contain each other.</exception>
    public void Complete(ICollection<Fault> warnings)
    {
        foreach (var group in _groups.Values.Where(g => g != All && g.Parents.Count == 0))
        {
            All.Add(group);
        }

        RefuseCycles();
        foreach (var host in _order)
        {
            if (host.Groups.Any(g => g != All && g != Ungrouped))
            {
                if (host.Groups.Remove(Ungrouped))
                {
                    Ungrouped.Hosts.Remove(host);
                }
            }
            else
            {
                Ungrouped.Add(host);
                warnings.Add(new Fault($"the host '{host.Name}' is in no group") { Where = new SourcePosition(host.Source), Hint = "only artifacts for every host go to it" });
            }
        }

        SetDepth(All, 0);
        foreach (var group in _groups.Values)
        {
            if (group.Variables.TryGetValue("ansible_group_priority", out var priority) && long.TryParse(PythonText.Str(priority.Value), out var number))
            {
                group.Priority = number;
            }
        }
    }

    /// <summary>All hosts of a group and its descendants: its own first and then its children's, level by level, as Ansible lists them.</summary>
    public static IReadOnlyList<InventoryHost> HostsOf(InventoryGroup group)
    {
        var result = new List<InventoryHost>();
        var listed = new HashSet<InventoryHost>();
        var level = new List<InventoryGroup> { group };
        var visited = new HashSet<InventoryGroup> { group };
        while (level.Count > 0)
        {
            result.AddRange(level.SelectMany(g => g.Hosts).Where(listed.Add));
            level = level.SelectMany(g => g.Children).Where(visited.Add).ToList();
        }

        return result;
    }

    /// <summary>A host's groups with all their ancestors, without <c>all</c>: lowest precedence first.</summary>
    public IReadOnlyList<InventoryGroup> GroupsOf(InventoryHost host)
    {
        var groups = new HashSet<InventoryGroup>();
        foreach (var group in host.Groups)
        {
            Collect(group);
        }

        groups.Remove(All);
        return groups.OrderBy(g => g.Depth).ThenBy(g => g.Priority).ThenBy(g => g.Name, StringComparer.Ordinal).ToList();

        void Collect(InventoryGroup group)
        {
            if (groups.Add(group))
            {
                group.Parents.ForEach(Collect);
            }
        }
    }

    private static void SetDepth(InventoryGroup group, int depth)
    {
        group.Depth = depth;
        foreach (var child in group.Children.Where(c => c.Depth <= depth))
        {
            SetDepth(child, depth + 1);
        }
    }

    private void RefuseCycles()
    {
        var done = new HashSet<InventoryGroup>();
        var path = new List<InventoryGroup>();
        foreach (var group in _groups.Values)
        {
            Visit(group);
        }

        void Visit(InventoryGroup group)
        {
            if (path.Contains(group))
            {
                var cycle = path.SkipWhile(g => g != group).Append(group);
                throw new KubeCacheException(ErrorKind.Input, new Fault("groups contain each other") { Got = string.Join(" → ", cycle) });
            }

            if (!done.Contains(group))
            {
                path.Add(group);
                group.Children.ForEach(Visit);
                path.RemoveAt(path.Count - 1);
                done.Add(group);
            }
        }
    }
}
