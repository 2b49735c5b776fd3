using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>Who downloads a content: this machine as soon as one host wants it pushed, else a delegate, else the nodes themselves.</summary>
/// <param name="Delegate">The delegate's inventory name; null for this machine, and for nodes that download for themselves.</param>
/// <param name="ByNodes">Whether all nodes that want it download it for themselves.</param>
/// <param name="Settings">The settings that it is fetched with.</param>
internal sealed record DeliveryWay(string? Delegate, bool ByNodes, DownloadSettings Settings)
{
    /// <summary>Of a content, for the hosts that want it.</summary>
    public static DeliveryWay Of(Artifact artifact, IReadOnlyList<PlanHost> hosts)
    {
        if (hosts.FirstOrDefault(h => DelegateOf(h) is null && !IsByNode(artifact, h)) is { } pushed)
        {
            return new DeliveryWay(null, false, pushed.Settings);
        }

        return hosts.FirstOrDefault(h => !IsByNode(artifact, h)) is { } delegated
            ? new DeliveryWay(DelegateOf(delegated), false, delegated.Settings)
            : new DeliveryWay(null, true, hosts[0].Settings);
    }

    /// <summary>Whether a host downloads this for itself. What is on this machine only cannot be downloaded there.</summary>
    public static bool IsByNode(Artifact artifact, PlanHost host) =>
        host.Settings.Mode == DeliveryMode.Node && artifact is not FileArtifact { Destination: null } && !(artifact is FileArtifact file && file.Url.StartsWith("file:", StringComparison.OrdinalIgnoreCase));

    /// <summary>The delegate that downloads for a host, by its inventory name; null where this machine does.</summary>
    public static string? DelegateOf(PlanHost host) => host.Settings is { Mode: DeliveryMode.Delegate, Delegate: not "localhost" and var name } ? name ?? "" : null;
}
