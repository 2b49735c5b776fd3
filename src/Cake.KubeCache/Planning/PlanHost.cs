using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>What the planner is told about one host.</summary>
internal sealed record PlanHost
{
    /// <summary>The node.</summary>
    public required Node Node { get; init; }

    /// <summary>Its groups.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The enabled and wanted artifacts.</summary>
    public required IReadOnlyList<Artifact> Artifacts { get; init; }

    /// <summary>The resolved download variables.</summary>
    public required DownloadSettings Settings { get; init; }

    /// <summary>The items as texts, for the plan's JSON; null for a host that no inventory defines.</summary>
    public HostDownloads? Downloads { get; init; }

    /// <summary>The probe's findings, or null.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>Why there are none, when the node was asked.</summary>
    public Fault? Unreachable { get; init; }
}
