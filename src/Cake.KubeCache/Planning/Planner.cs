using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>Hosts and a store snapshot → a plan. Pure.</summary>
internal static class Planner
{
    /// <summary>Makes the plan.</summary>
    /// <param name="hosts">The hosts, with what the probes found.</param>
    /// <param name="store">What the store holds.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <exception cref="KubeCacheException">Two artifacts of one node would take the same place (<see cref="ErrorKind.Input"/>).</exception>
    public static Plan Build(IReadOnlyList<PlanHost> hosts, StoreSnapshot store, PlanOptions options)
    {
        RequireOwnPlaces(hosts);
        DelegateCheck.Require(hosts);
        var wanted = hosts
            .SelectMany(h => Wanted(h).Select(a => (Artifact: a, Host: h)))
            .GroupBy(p => p.Artifact.ContentKey, StringComparer.Ordinal)
            .Select(g => Content(g.First().Artifact, [.. g.Select(p => p.Host)], store, options));

        return new Plan
        {
            Artifacts = [.. wanted],
            Nodes = [.. hosts.Select(h => PlanNode(h, store, options))],
            Warnings = options.Warnings,
        };
    }

    private static IEnumerable<Artifact> Wanted(PlanHost host) => host.Settings.SkipDownloads
        ? []
        : host.Artifacts.Where(a => a is not ImageArtifact || (host.Settings.Containers && host.Node.Runtime is not ContainerRuntime.None));

    private static PlannedArtifact Content(Artifact artifact, IReadOnlyList<PlanHost> hosts, StoreSnapshot store, PlanOptions options)
    {
        var isThere = store.TryGet(artifact, out var stored);
        var way = options.Here ? new DeliveryWay(null, false, hosts[0].Settings) : DeliveryWay.Of(artifact, hosts);
        var state = !isThere ? (way.ByNodes ? FetchState.OnNodes : FetchState.Missing)
            : !way.ByNodes && IsWantedAnew(artifact, stored, options, hosts) ? FetchState.Refresh
            : FetchState.Cached;
        return new PlannedArtifact(artifact, state, stored, [.. hosts.Select(h => h.Node.Name)]) { Settings = way.Settings, Delegate = way.Delegate };
    }

    private static PlannedNode PlanNode(PlanHost host, StoreSnapshot store, PlanOptions options) => new()
    {
        Node = host.Node,
        Groups = host.Groups,
        Settings = host.Settings,
        Downloads = host.Downloads,
        Facts = host.Facts,
        Unreachable = host.Unreachable,
        Deliveries = [.. Wanted(host).Select(a => Delivery(a, host, store, options))],
        Extras = Extras.Of(host, [.. Wanted(host)]),
    };

    private static PlannedDelivery Delivery(Artifact artifact, PlanHost host, StoreSnapshot store, PlanOptions options)
    {
        var stored = store.TryGet(artifact, out var there) ? there : null;
        var byNode = DeliveryWay.IsByNode(artifact, host) && !(host.Settings.ForceCache && stored is not null);
        var known = byNode ? options.Known.GetValueOrDefault(artifact.ContentKey) ?? stored : stored;
        var check = DeliveryCheck.Compare(artifact, known, host.Facts);
        return check with { ByNode = byNode, Recheck = byNode && IsWantedAnew(artifact, known, options, [host]) };
    }

    // What nothing pins is also looked at again where it is not what a lock file says.
    private static bool IsWantedAnew(Artifact artifact, StoredArtifact? known, PlanOptions options, IReadOnlyList<PlanHost> hosts) =>
        (artifact is ImageArtifact && (options.Refresh || hosts.Any(h => h.Settings.AlwaysPull))) ||
        (!artifact.IsPinned && (options.Refresh || known?.IsAsLocked(artifact) == false));

    private static void RequireOwnPlaces(IReadOnlyList<PlanHost> hosts)
    {
        var faults =
            from host in hosts
            from place in Wanted(host).OfType<FileArtifact>().Where(f => f.Destination is not null).GroupBy(f => f.Destination)
            where place.Select(f => f.ContentKey).Distinct().Count() > 1
            select (Place: place.Key, Names: string.Join(", ", place.Select(f => f.Name)), Host: host.Node.Name);
        var found = faults
            .GroupBy(f => (f.Place, f.Names))
            .Select(g => new Fault($"different files would be put at {g.Key.Place} on {string.Join(", ", g.Select(f => f.Host))}")
            {
                Got = g.Key.Names,
                Expected = "a destination of its own for each",
                Hint = "give one of them another 'dest'",
            })
            .ToList();
        if (found.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, found);
        }
    }
}
