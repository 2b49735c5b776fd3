using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>What variables depend on that only the node itself knows.</summary>
/// <param name="Architecture"><c>uname -m</c>: <c>ansible_architecture</c>.</param>
/// <param name="System"><c>uname -s</c>: <c>ansible_system</c>.</param>
/// <param name="OsFamily"><c>ansible_os_family</c>, such as <c>Debian</c> or <c>RedHat</c>.</param>
/// <param name="Distribution"><c>ansible_distribution</c>, such as <c>Ubuntu</c>.</param>
/// <param name="DistributionVersion"><c>ansible_distribution_version</c>, such as <c>24.04</c>.</param>
internal sealed record HostFacts(string Architecture, string System, string OsFamily, string Distribution, string DistributionVersion)
{
    /// <summary>What a plan without a connection takes nodes for; the inventory may say otherwise.</summary>
    public static HostFacts Default { get; } = new("x86_64", "Linux", "Debian", "Debian", "12");

    /// <summary>Whether a node said so itself; then it wins over the inventory, as gathered facts do.</summary>
    public bool Probed { get; init; }

    /// <summary>Facts from what a probe found.</summary>
    public static HostFacts From(NodeFacts facts)
    {
        var (name, family) = Distributions.Of(facts.DistributionId);
        return new HostFacts(facts.Machine, facts.System, family, name, facts.DistributionVersion) { Probed = true };
    }
}
