namespace Cake.KubeCache.Execution;

/// <summary>One piece of work in a graph.</summary>
internal sealed record WorkItem
{
    /// <summary>Unique in the graph.</summary>
    public required string Key { get; init; }

    /// <summary>Keys of the items that must have succeeded before this one starts.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Names of the limits that the item takes one place in while it runs.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];

    /// <summary>Among items that could start, higher goes first.</summary>
    public long Priority { get; init; }

    /// <summary>The work itself.</summary>
    public required Func<CancellationToken, Task> Work { get; init; }
}
