namespace Cake.KubeCache.Execution;

/// <summary>What a run did: the typed result of the aliases and the content of <c>--report</c>.</summary>
public sealed record RunReport
{
    /// <summary>The verb: <c>Fetch</c>, <c>Push</c>, <c>Provision</c> or <c>Status</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall time of the run.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>One entry for each distinct content.</summary>
    public required IReadOnlyList<FetchReport> Artifacts { get; init; }

    /// <summary>One entry for each node.</summary>
    public required IReadOnlyList<NodeReport> Nodes { get; init; }

    /// <summary>What was doubtful.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether everything that was asked for is done or was up to date.</summary>
    public bool Succeeded => Artifacts.All(a => a.State.IsGood()) && Nodes.All(n => n.State.IsGood());

    /// <summary>Whether nothing had to be done.</summary>
    public bool UpToDate => Artifacts.All(a => a.State == StepState.UpToDate) && Nodes.All(n => n.State == StepState.UpToDate);

    /// <summary>Bytes received from upstream.</summary>
    public long BytesReceived => Artifacts.Sum(a => a.BytesReceived);

    /// <summary>Bytes sent to nodes.</summary>
    public long BytesSent => Nodes.Sum(n => n.BytesSent);

    /// <summary>Bytes that nodes downloaded for themselves.</summary>
    public long BytesDownloadedByNodes => Nodes.Sum(n => n.BytesDownloaded);

    /// <summary>Bytes that did not have to be downloaded because the store had them.</summary>
    public long BytesSavedByCache => Artifacts.Where(a => a.State == StepState.UpToDate).Sum(a => a.Size ?? 0);

    /// <summary>Bytes that did not have to be sent because the nodes had them, in whole or in part.</summary>
    public long BytesSavedOnNodes => Nodes.SelectMany(n => n.Deliveries).Where(d => d.State.IsGood()).Sum(d => Math.Max(0, (d.Size ?? 0) - d.BytesSent - d.BytesDownloaded));
}
