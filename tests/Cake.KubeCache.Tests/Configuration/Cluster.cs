using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>Loads small clusters for tests.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly List<string> _inventories = [];
    private readonly Dictionary<string, string> _environment = [];
    private readonly Dictionary<string, string> _locked = [];
    private string? _catalogue;
    private string? _vaultPasswordFile;
    private string[] _sets = [];
    private string[] _limits = [];

    public TemporaryFolder Folder { get; } = new();

    public Cluster Inventory(string content, string name = "hosts.ini")
    {
        _inventories.Add(Folder.Write(name, content));
        return this;
    }

    public Cluster InventoryPath(string name)
    {
        _inventories.Add(Folder.At(name));
        return this;
    }

    public Cluster File(string name, string content)
    {
        Folder.Write(name, content);
        return this;
    }

    public Cluster Catalogue(string content)
    {
        _catalogue = Folder.Write("catalogue/all.yml", content);
        return this;
    }

    public Cluster CataloguePath(string name)
    {
        _catalogue = Folder.At(name);
        return this;
    }

    public Cluster Set(params string[] sets)
    {
        _sets = sets;
        return this;
    }

    public Cluster Limit(params string[] limits)
    {
        _limits = limits;
        return this;
    }

    public Cluster Environment(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public Cluster Lock(string variable, string version)
    {
        _locked[variable] = version;
        return this;
    }

    public Cluster VaultPassword(string content)
    {
        _vaultPasswordFile = Folder.Write("vault-password", content);
        return this;
    }

    public ClusterConfig Load() => ConfigurationLoader.Load(new ConfigurationRequest
    {
        Inventories = _inventories,
        Catalogue = _catalogue,
        Sets = _sets,
        Limits = _limits,
        VaultPasswordFile = _vaultPasswordFile,
        Environment = _environment,
        LockedVersions = _locked,
    });

    public HostConfig Host(string name = "node1") => Load().Hosts.Single(h => h.Name == name);

    public object? Value(string variable, string host = "node1") => Host(host).Value(variable, HostFacts.Default);

    public HostDownloads Downloads(string host = "node1") => Host(host).Evaluate(HostFacts.Default);

    /// <summary>The faults that loading and evaluating every host end with.</summary>
    public IReadOnlyList<Fault> Faults()
    {
        var exception = Should.Throw<KubeCacheException>(() => Load().EvaluateAll(_ => HostFacts.Default));
        exception.Kind.ShouldBe(ErrorKind.Input);
        return exception.Faults;
    }

    public void Dispose() => Folder.Dispose();
}
