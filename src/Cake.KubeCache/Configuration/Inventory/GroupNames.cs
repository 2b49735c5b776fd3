namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>
/// Kubespray's groups: the names of old releases equal the new ones, and <c>k8s_cluster</c> holds at least the control plane, the workers and
/// the route reflectors.
/// </summary>
internal static class GroupNames
{
    private static readonly (string Old, string New)[] Renamed =
    [
        ("kube-master", "kube_control_plane"),
        ("kube-node", "kube_node"),
        ("calico-rr", "calico_rr"),
        ("no-floating", "no_floating"),
        ("k8s-cluster", "k8s_cluster"),
    ];

    private static readonly string[] Members = ["kube_control_plane", "kube_node", "calico_rr"];

    /// <summary>The other name of a group, or null.</summary>
    public static string? Alias(string name) =>
        Renamed.FirstOrDefault(r => r.Old == name).New ?? Renamed.FirstOrDefault(r => r.New == name).Old;

    /// <summary>
    /// Makes the groups that are missing. They are children of <c>all</c> and list their hosts themselves, as groups that a play makes do.
    /// </summary>
    public static void Complete(InventoryTree tree)
    {
        foreach (var (old, @new) in Renamed)
        {
            Equal(tree, old, @new);
        }

        var parts = Members.Where(tree.Groups.ContainsKey).ToList();
        if (parts.Count > 0)
        {
            Fill(tree, parts, "k8s_cluster");
            Equal(tree, "k8s-cluster", "k8s_cluster");
        }
    }

    private static void Equal(InventoryTree tree, string old, string @new)
    {
        var (hasOld, hasNew) = (tree.Groups.ContainsKey(old), tree.Groups.ContainsKey(@new));
        if (hasOld || hasNew)
        {
            Fill(tree, hasOld ? [old] : [], @new);
            Fill(tree, [@new], old);
        }
    }

    private static void Fill(InventoryTree tree, IEnumerable<string> from, string into)
    {
        var hosts = from.SelectMany(g => InventoryTree.HostsOf(tree.Groups[g])).ToList();
        var group = tree.Group(into);
        var members = InventoryTree.HostsOf(group).ToHashSet();
        if (group.Depth == 0)
        {
            tree.All.Add(group);
            group.Depth = 1;
        }

        foreach (var host in hosts.Where(h => !members.Contains(h)))
        {
            group.Add(host);
        }
    }
}
