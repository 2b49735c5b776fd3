namespace Cake.KubeCache.Execution;

/// <summary>How one content got into the store.</summary>
public sealed record FetchReport
{
    /// <summary>The item's key in <c>downloads</c>.</summary>
    public required string Artifact { get; init; }

    /// <summary>File name or image reference.</summary>
    public required string Title { get; init; }

    /// <summary>How it ended.</summary>
    public required StepState State { get; init; }

    /// <summary>Bytes of the content; null when unknown.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes that came over the wire for it.</summary>
    public long BytesReceived { get; init; }

    /// <summary>When its work began, since the run began.</summary>
    public TimeSpan Started { get; init; }

    /// <summary>Its own working time.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>What happened on the way, such as retries.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it failed or was not tried.</summary>
    public string? Error { get; init; }
}
