using Cake.KubeCache.Configuration.Catalogue;
using Cake.KubeCache.Configuration.Downloads;
using Cake.KubeCache.Configuration.Inventory;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Configuration.Vault;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>Loads inventory and catalogue.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Reads everything, evaluates connection variables, and leaves the rest to be evaluated for each host with its facts.</summary>
    /// <exception cref="KubeCacheException">Kind <see cref="ErrorKind.Input"/>, with every fault of the input.</exception>
    public static ClusterConfig Load(ConfigurationRequest request)
    {
        var (faults, warnings) = (new List<Fault>(), new List<Fault>());
        if (request.Inventories.Count == 0)
        {
            faults.Add(new Fault("no inventory is given") { Hint = "give --inventory=PATH" });
        }

        var vault = new VaultSecrets(request.VaultPasswordFile, request.Environment);
        var files = new VariableFile(vault, warnings);

        // A catalogue is large, and it and the inventory know nothing of each other: they are read at the same time.
        var (catalogueFaults, catalogueWarnings) = (new List<Fault>(), new List<Fault>());
        var catalogue = Task.Run(() => new CatalogueReader(new VariableFile(vault, catalogueWarnings), catalogueFaults).Read(request.Catalogue));
        var tree = new InventoryReader(vault, warnings, faults).Read(request.Inventories);
        GroupNames.Complete(tree);
        var store = new VariableStore
        {
            Tree = tree,
            Extra = Extra(request, files, faults),
            Inventory = new InventoryVariables(request.Inventories, files, faults),
            Catalogue = catalogue.GetAwaiter().GetResult(),
            Vault = vault,
            Environment = request.Environment,
            Groups = Groups(tree),
            LockedVersions = request.LockedVersions,
        };
        var scopes = new HostScopes(store);
        faults.AddRange(catalogueFaults);
        warnings.AddRange(catalogueWarnings);
        ThrowIfAny(faults);
        var readings = new InventoryReadings(scopes, new DownloadsEvaluator(scopes));
        var hosts = new LimitPattern(tree).Choose(request.Limits).Where(h => h.Name != "bastion").Select(h => new HostConfig(readings, h.Name, Node(scopes, h, faults, warnings))).ToList();
        ThrowIfAny(faults);
        Overruled.Warn(store, warnings);
        return new ClusterConfig(hosts, warnings.Distinct().ToList(), scopes.Ranges.Resolved);
    }

    private static VariableLayer Extra(ConfigurationRequest request, VariableFile files, List<Fault> faults)
    {
        try
        {
            return ExtraVariables.Read(request.Sets, files);
        }
        catch (KubeCacheException exception)
        {
            faults.AddRange(exception.Faults);
            return new VariableLayer("--set", new Dictionary<string, Variable>());
        }
    }

    private static Mapping Groups(InventoryTree tree) => new(tree.Groups.Values.Select(g =>
        new KeyValuePair<object, object?>(g.Name, new Sequence(InventoryTree.HostsOf(g).Select(h => (object?)h.Name)) { IsShared = true })))
    {
        IsShared = true,
    };

    private static Node Node(HostScopes scopes, InventoryHost host, List<Fault> faults, List<Fault> warnings)
    {
        var bastion = scopes.Has("bastion") ? new TypedVariables(scopes.Seen("bastion"), faults, warnings) : null;
        return NodeReader.Read(new TypedVariables(scopes.Seen(host.Name), faults, warnings), host.Source, bastion);
    }

    private static void ThrowIfAny(List<Fault> faults)
    {
        if (faults.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, FaultList.Collapse(faults));
        }
    }
}
