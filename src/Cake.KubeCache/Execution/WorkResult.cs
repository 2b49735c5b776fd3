namespace Cake.KubeCache.Execution;

/// <summary>How one item of a graph ended.</summary>
/// <param name="Key">The item.</param>
/// <param name="State">Succeeded, Failed, Blocked or Canceled.</param>
/// <param name="Started">When it started, since the run began; zero when it never did.</param>
/// <param name="Took">Its own working time.</param>
internal sealed record WorkResult(string Key, WorkState State, TimeSpan Started, TimeSpan Took)
{
    /// <summary>What it threw, when it failed.</summary>
    public Exception? Error { get; init; }

    /// <summary>The failed item that kept it from starting, when it was blocked.</summary>
    public string? BlockedBy { get; init; }
}
