using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>What one item comes to on one host: nothing where it is not enabled or not wanted there.</summary>
internal sealed record ItemResult(DownloadItem? Item, Artifact? Artifact, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings)
{
    /// <summary>Not enabled, or not wanted.</summary>
    public static ItemResult Nothing { get; } = new(null, null, [], []);
}
