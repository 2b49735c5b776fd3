using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>Delegates have to be hosts of the run.</summary>
internal static class DelegateCheck
{
    /// <summary>Throws where one is not.</summary>
    /// <exception cref="KubeCacheException">Names the hosts that want it (<see cref="ErrorKind.Input"/>).</exception>
    public static void Require(IReadOnlyList<PlanHost> hosts)
    {
        var names = hosts.Select(h => h.Node.Name).ToHashSet(StringComparer.Ordinal);
        var faults = hosts.Where(h => DeliveryWay.DelegateOf(h) is { } name && !names.Contains(name)).GroupBy(DeliveryWay.DelegateOf)
            .Select(g => new Fault($"the delegate that downloads for {string.Join(", ", g.Select(h => h.Node.Name).Take(5))} is no host of this run")
            {
                Got = g.Key!.Length == 0 ? "no host in the group kube_control_plane" : g.Key,
                Expected = "a host of the inventory, within --limit",
                Hint = "set download_delegate; or download_localhost: true, so that this machine downloads",
            }).ToList();
        if (faults.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, faults);
        }
    }
}
