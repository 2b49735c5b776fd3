using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>
/// Which artifacts, for which nodes; what is cached, what is missing, what each node lacks. A value: printing it is all that
/// <c>Plan</c> and <c>--dryrun</c> do, and nothing in it changes while it is carried out.
/// </summary>
public sealed record Plan
{
    /// <summary>Every distinct content that some node is to have, once.</summary>
    public required IReadOnlyList<PlannedArtifact> Artifacts { get; init; }

    /// <summary>The nodes, in the order of the inventory.</summary>
    public required IReadOnlyList<PlannedNode> Nodes { get; init; }

    /// <summary>What is doubtful in the input without being wrong.</summary>
    public IReadOnlyList<Fault> Warnings { get; init; } = [];

    /// <summary>Contents that have to be fetched.</summary>
    public int ToFetch => Artifacts.Count(a => a.State is FetchState.Missing or FetchState.Refresh);

    /// <summary>Deliveries that have to be made, as far as the plan can tell.</summary>
    public int ToPush => Nodes.Sum(n => n.Deliveries.Count(d => d.State != DeliveryState.UpToDate));

    /// <summary>Whether nothing has to be fetched or pushed.</summary>
    public bool UpToDate => ToFetch == 0 && ToPush == 0;
}

/// <summary>Where a content stands with respect to the store.</summary>
public enum FetchState
{
    /// <summary>The store has it.</summary>
    Cached,

    /// <summary>The store lacks it.</summary>
    Missing,

    /// <summary>The store has it, and its tag is to be resolved anew.</summary>
    Refresh,

    /// <summary>The store lacks it and need not have it: the nodes that want it download it for themselves.</summary>
    OnNodes,
}

/// <summary>One content to have in the store.</summary>
/// <param name="Artifact">The artifact as the first host that wants it defines it.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Stored">What the store holds, when it does.</param>
/// <param name="Nodes">Names of the nodes that want it.</param>
public sealed record PlannedArtifact(Artifact Artifact, FetchState State, StoredArtifact? Stored, IReadOnlyList<string> Nodes)
{
    /// <summary>The <c>download_*</c> family as the first of these nodes resolves it: how the content is fetched.</summary>
    public DownloadSettings Settings { get; init; } = new();

    /// <summary>The node that downloads it for all, by its inventory name; null for this machine.</summary>
    public string? Delegate { get; init; }
}

/// <summary>One node and what it is to have.</summary>
public sealed record PlannedNode
{
    /// <summary>The node.</summary>
    public required Node Node { get; init; }

    /// <summary>Its groups in the inventory.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>What it is to have, in the order of the catalogue.</summary>
    public required IReadOnlyList<PlannedDelivery> Deliveries { get; init; }

    /// <summary>What earlier runs brought and this plan does not want there, as far as the node was asked.</summary>
    public IReadOnlyList<NodeExtra> Extras { get; init; } = [];

    /// <summary>The <c>download_*</c> family as this host resolves it.</summary>
    public required DownloadSettings Settings { get; init; }

    /// <summary>What the probe found, or null when the node was not probed or did not answer.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>Why the node could not be probed.</summary>
    public Fault? Unreachable { get; init; }

    /// <summary>The items as texts, for the plan's JSON.</summary>
    internal HostDownloads? Downloads { get; init; }
}

/// <summary>Where an artifact stands on a node.</summary>
public enum DeliveryState
{
    /// <summary>The node has it as it should be.</summary>
    UpToDate,

    /// <summary>The node lacks it.</summary>
    Missing,

    /// <summary>The node has something else in its place, or has it with another owner or mode, or not unpacked.</summary>
    Different,

    /// <summary>It cannot be told: the node was not probed, or the content is not in the store yet.</summary>
    Unknown,
}

/// <summary>One artifact for one node.</summary>
/// <param name="Artifact">The artifact as this host defines it.</param>
/// <param name="State">Where it stands on the node.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record PlannedDelivery(Artifact Artifact, DeliveryState State, string Reason)
{
    /// <summary>Whether the node downloads it for itself; otherwise it is pushed from the store.</summary>
    public bool ByNode { get; init; }

    /// <summary>Whether the node's registry is to be asked what the tag points at now, although the node has what it pointed at.</summary>
    public bool Recheck { get; init; }
}
