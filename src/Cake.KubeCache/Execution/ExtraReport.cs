namespace Cake.KubeCache.Execution;

/// <summary>Something on a node from an earlier run that the plan does not want there.</summary>
public sealed record ExtraReport
{
    /// <summary><c>image</c> or <c>file</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The image's full reference, or the file's path.</summary>
    public required string Name { get; init; }

    /// <summary>Up to date where nobody asked for its removal; else pending, done or failed.</summary>
    public required StepState State { get; init; }

    /// <summary>Why it could not be removed.</summary>
    public string? Error { get; init; }
}
