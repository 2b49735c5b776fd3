namespace Cake.KubeCache.Presentation.Live;

/// <summary>Bytes per second over the last few seconds: what a transfer does now, not what it did on average.</summary>
internal sealed class RecentRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private readonly Queue<(TimeSpan Time, long Bytes)> _samples = new();

    /// <summary>Takes a sample.</summary>
    /// <param name="bytes">Bytes so far.</param>
    /// <param name="time">Time so far; never less than before.</param>
    /// <returns>Bytes per second; 0 while nothing can be told.</returns>
    public double Of(long bytes, TimeSpan time)
    {
        _samples.Enqueue((time, bytes));
        while (_samples.Peek().Time < time - Window)
        {
            _samples.Dequeue();
        }

        var (since, before) = _samples.Peek();
        return time > since ? Math.Max(0, bytes - before) / (time - since).TotalSeconds : 0;
    }
}
