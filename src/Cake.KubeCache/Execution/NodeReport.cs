namespace Cake.KubeCache.Execution;

/// <summary>How one node was brought up to date.</summary>
public sealed record NodeReport
{
    /// <summary>The inventory name.</summary>
    public required string Node { get; init; }

    /// <summary>One entry for each artifact that the node is to have.</summary>
    public required IReadOnlyList<DeliveryReport> Deliveries { get; init; }

    /// <summary>How it ended: the worst of the deliveries, or failed when the node could not be reached or something could not be removed.</summary>
    public StepState State => Error is not null ? StepState.Failed : Deliveries.Select(d => d.State).Concat(Extras.Select(e => e.State)).Worst();

    /// <summary>What earlier runs brought and the plan does not want there.</summary>
    public IReadOnlyList<ExtraReport> Extras { get; init; } = [];

    /// <summary>Time of connecting and probing.</summary>
    public TimeSpan ProbeTook { get; init; }

    /// <summary>Why the node itself failed.</summary>
    public string? Error { get; init; }

    /// <summary>Bytes sent to it.</summary>
    public long BytesSent => Deliveries.Sum(d => d.BytesSent);

    /// <summary>Bytes that it downloaded for itself.</summary>
    public long BytesDownloaded => Deliveries.Sum(d => d.BytesDownloaded);

    /// <summary>Names of the artifacts that it still lacks.</summary>
    public IReadOnlyList<string> Lacking => [.. Deliveries.Where(d => !d.State.IsGood()).Select(d => d.Artifact)];
}

/// <summary>How one artifact got onto one node.</summary>
public sealed record DeliveryReport
{
    /// <summary>The item's key in <c>downloads</c>.</summary>
    public required string Artifact { get; init; }

    /// <summary>File name or image reference.</summary>
    public required string Title { get; init; }

    /// <summary>How it ended.</summary>
    public required StepState State { get; init; }

    /// <summary>Why it had to be delivered, or why not.</summary>
    public required string Reason { get; init; }

    /// <summary>Bytes of the content; null when unknown.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes sent for it.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes that the node downloaded for it.</summary>
    public long BytesDownloaded { get; init; }

    /// <summary>When its work began, since the run began.</summary>
    public TimeSpan Started { get; init; }

    /// <summary>Its own working time.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What happened on the way, such as a fallback to a whole image.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it failed or was not tried.</summary>
    public string? Error { get; init; }
}
