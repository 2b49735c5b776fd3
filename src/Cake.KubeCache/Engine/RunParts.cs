using Cake.KubeCache.Configuration;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Engine;

/// <summary>What a run is made of: read and opened from the settings, disposed with the run.</summary>
internal sealed class RunParts : IAsyncDisposable
{
    private Task<IReadOnlyList<PlanHost>>? _probing;

    private RunParts(KubeCacheSettings settings, RunScope scope, IRunLog log, ClusterView cluster, string directory)
    {
        (Settings, Scope, Log, Cluster) = (settings, scope, log, cluster);
        Memory = new NodeMemory(directory);
        Store = ContentStore.Open(directory);
        Sizes = new ExpectedSizes(Store);
        var limiter = settings.MaxBytesPerSecond is { } rate ? new RateLimiter(rate) : null;
        Contents = new ContentMemory(directory);
        var fetch = new FetchSettings
        {
            Refresh = Refresh,
            Locking = scope.Locks,
            MaxConcurrency = settings.MaxDownloads,
            Limiter = limiter,
            ImageArchives = [.. settings.ImageArchives],
            KubesprayCache = settings.KubesprayCache?.FullPath,
            DockerEngine = settings.DockerEngine,
        };
        Fetcher = new Fetcher(Store, fetch);
        Downloading = new DownloadingNodes(Store, fetch, limiter);
        Connect = new ConnectSettings
        {
            KnownHostsFiles = settings.KnownHosts is { } file ? [file.FullPath] : null,
            AcceptNewHostKeys = settings.AcceptNewHostKeys,
            Timeout = settings.ConnectTimeout,
            Limiter = limiter,
        };
    }

    /// <summary>What the caller set.</summary>
    public KubeCacheSettings Settings { get; }

    /// <summary>Which part of the plan is carried out.</summary>
    public RunScope Scope { get; }

    /// <summary>Whether what nothing pins is resolved anew.</summary>
    public bool Refresh => Settings.Refresh || Scope.Locks;

    /// <summary>Where lines go.</summary>
    public IRunLog Log { get; }

    /// <summary>The hosts.</summary>
    public ClusterView Cluster { get; }

    /// <summary>What earlier probes found.</summary>
    public NodeMemory Memory { get; }

    /// <summary>The store.</summary>
    public ContentStore Store { get; }

    /// <summary>Brings into the store what this machine downloads.</summary>
    public Fetcher Fetcher { get; }

    /// <summary>What is known of sizes before anybody is asked.</summary>
    public ExpectedSizes Sizes { get; }

    /// <summary>Whether the cache's disk takes what a plan lacks.</summary>
    public SpaceCheck Space => new(Sizes, Store.Directory, FreeSpace.Of(Store.Layout.Blobs));

    /// <summary>Nodes that download.</summary>
    public DownloadingNodes Downloading { get; }

    /// <summary>What nodes downloaded for themselves.</summary>
    public ContentMemory Contents { get; }

    /// <summary>How nodes are connected to.</summary>
    public ConnectSettings Connect { get; }

    /// <summary>The open connections.</summary>
    public NodePool Nodes { get; } = new();

    /// <summary>Opens the store of a configuration.</summary>
    /// <exception cref="Model.KubeCacheException">Hosts cannot be evaluated, or name different caches.</exception>
    public static RunParts Open(KubeCacheSettings settings, RunScope scope, IRunLog log, ClusterView cluster)
    {
        // Hosts are not evaluated for a directory that nobody asks them for.
        var directory = CacheLocation.Choose(settings.Cache?.FullPath, settings.Cache is null ? cluster.CacheDirectories() : []);
        return new RunParts(settings, scope, log, cluster, directory);
    }

    /// <summary>The hosts as far as they are known without asking them.</summary>
    public IReadOnlyList<PlanHost> Remembered() => Cluster.EvaluateAll(Memory.Recall);

    /// <summary>Starts to ask the nodes while the caller does something else; its faults show when the answers are needed.</summary>
    public void BeginProbing() => _probing ??= Task.Run(() => Nodes.ProbeAsync(Cluster, Memory, Connect, Settings.MaxConnections, CancellationToken.None));

    /// <summary>The hosts as they answer.</summary>
    /// <exception cref="Model.KubeCacheException">What a node said makes the input wrong.</exception>
    public Task<IReadOnlyList<PlanHost>> ProbeAsync(CancellationToken cancellationToken) =>
        _probing?.WaitAsync(cancellationToken) ?? Nodes.ProbeAsync(Cluster, Memory, Connect, Settings.MaxConnections, cancellationToken);

    /// <summary>The layers that define a variable, for each host.</summary>
    public IReadOnlyList<VariableExplanation> Explain(string variable) => [.. Cluster.Explain(variable, Memory.Recall)];

    /// <summary>Plans for hosts of which this is known.</summary>
    /// <exception cref="Model.KubeCacheException">Two artifacts of one node would take the same place.</exception>
    public Plan Plan(IReadOnlyList<PlanHost> hosts) =>
        Planner.Build(hosts, Store.Snapshot(), new PlanOptions { Refresh = Refresh, Here = Scope.Locks, Known = Contents.Recall(), Warnings = Cluster.Warnings });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Downloading.DisposeAsync();
        await Nodes.DisposeAsync();
        await Fetcher.DisposeAsync();
        Store.Dispose();
    }
}
