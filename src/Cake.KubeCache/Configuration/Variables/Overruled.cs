using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Definitions of the inventory that never count, because the catalogue's role vars win over them.</summary>
internal static class Overruled
{
    /// <summary>Warns of each of them, once.</summary>
    public static void Warn(VariableStore store, ICollection<Fault> warnings)
    {
        var constants = HostLayers.Flatten(store.Catalogue.Constants);
        if (constants.Count == 0)
        {
            return;
        }

        var layers = store.Tree.Hosts.SelectMany(h => store.Inventory.OfGroups(store.Tree.All, store.Tree.GroupsOf(h)).Concat(store.Inventory.OfHost(h)));
        foreach (var (name, variable) in layers.DistinctBy(l => l.Variables).SelectMany(l => l.Variables).Where(v => constants.ContainsKey(v.Key) && !store.Extra.Variables.ContainsKey(v.Key)))
        {
            warnings.Add(new Fault($"'{name}' has no effect here: the catalogue's role vars win over the inventory")
            {
                Where = variable.Where,
                Got = $"what {constants[name].Where} says counts",
                Hint = $"use --set={name}=… instead",
            });
        }
    }
}
