using Cake.KubeCache.Configuration.Inventory;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>
/// Variables that stand in and beside the inventories: layers of groups and hosts in Ansible's order of precedence (user guide, "Understanding
/// variable precedence"): inventory file <c>all</c>, inventory file groups, <c>group_vars/all</c>, <c>group_vars/*</c>; inventory file hosts, <c>host_vars/*</c>.
/// </summary>
internal sealed class InventoryVariables(IReadOnlyList<string> sources, VariableFile files, ICollection<Fault> faults)
{
    private readonly Dictionary<string, VariableLayer?> _read = new(StringComparer.Ordinal);
    private readonly List<string> _folders = sources.Select(s => Directory.Exists(s) ? s : Path.GetDirectoryName(s) is { Length: > 0 } folder ? folder : ".").Distinct().ToList();

    /// <summary>Layers of a host's groups, lowest precedence first.</summary>
    /// <param name="all">The group <c>all</c>.</param>
    /// <param name="groups">The host's groups, lowest precedence first.</param>
    public IReadOnlyList<VariableLayer> OfGroups(InventoryGroup all, IReadOnlyList<InventoryGroup> groups) =>
    [
        .. groups.Prepend(all).Where(g => g.Variables.Count > 0).Select(g => new VariableLayer($"inventory, group {g.Name}", g.Variables)),
        .. _folders.Select(f => Files(f, "group_vars", all.Name)).OfType<VariableLayer>(),
        .. _folders.SelectMany(f => groups.Select(g => Files(f, "group_vars", g.Name))).OfType<VariableLayer>(),
    ];

    /// <summary>Layers of a host itself, lowest precedence first.</summary>
    public IReadOnlyList<VariableLayer> OfHost(InventoryHost host) =>
    [
        .. host.Variables.Count > 0 ? [new VariableLayer($"inventory, host {host.Name}", host.Variables)] : Array.Empty<VariableLayer>(),
        .. _folders.Select(f => Files(f, "host_vars", host.Name)).OfType<VariableLayer>(),
    ];

    private VariableLayer? Files(string folder, string kind, string name)
    {
        var path = Path.Combine(folder, kind);
        var key = Path.Combine(path, name);
        if (!_read.TryGetValue(key, out var layer))
        {
            _read.Add(key, layer = name.Contains('/', StringComparison.Ordinal) ? null : Read(VariableFolder.Find(path, name), $"{kind}/{name}"));
        }

        return layer;
    }

    private VariableLayer? Read(IReadOnlyList<string> paths, string title) => paths.Count == 0 ? null : files.ReadLayer(title, paths, faults);
}
