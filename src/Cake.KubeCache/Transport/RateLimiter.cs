namespace Cake.KubeCache.Transport;

/// <summary>One bandwidth limit shared by any number of transfers. Who moved bytes waits until the rate allows them.</summary>
/// <param name="bytesPerSecond">The limit; at least 1.</param>
internal sealed class RateLimiter(long bytesPerSecond)
{
    /// <summary>How much unused time may be caught up in one go: enough for an even flow, too little for a burst.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private long _paidUntil = TimeProvider.System.GetTimestamp();

    /// <summary>Bytes per second in all.</summary>
    public long BytesPerSecond { get; } = Math.Max(1, bytesPerSecond);

    /// <summary>Books bytes that were just moved.</summary>
    /// <returns>How long the mover must wait before it moves more; zero or less for not at all.</returns>
    public TimeSpan Book(int bytes)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var cost = (long)((double)bytes / BytesPerSecond * _time.TimestampFrequency);
            _paidUntil = Math.Max(_paidUntil, now - (long)(Burst.TotalSeconds * _time.TimestampFrequency)) + cost;
            return _time.GetElapsedTime(now, _paidUntil);
        }
    }

    /// <summary>Books bytes that were just moved and waits as long as they demand.</summary>
    public async ValueTask WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        var pause = Book(bytes);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
