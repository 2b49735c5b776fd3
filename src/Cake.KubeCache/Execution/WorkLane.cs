namespace Cake.KubeCache.Execution;

/// <summary>A named limit: at most so many items at a time, and who waits for a place, by priority.</summary>
internal sealed class WorkLane(int places)
{
    private readonly PriorityQueue<string, (long Priority, int Order)> _waiting = new();

    /// <summary>Places that nobody holds.</summary>
    public int Free { get; set; } = places;

    /// <summary>Makes an item wait for a place.</summary>
    public void Park(string key, long priority, int order) => _waiting.Enqueue(key, (-priority, order));

    /// <summary>The item that should have the next place, or null.</summary>
    public string? Next() => _waiting.TryDequeue(out var key, out _) ? key : null;
}
