using System.Diagnostics;

namespace Cake.KubeCache.Transport;

/// <summary>
/// Cancels a transfer that stands still: fewer than <see cref="SlowestBytesPerSecond"/> over the whole time-out, so that a server
/// that drips is caught like one that hangs.
/// </summary>
internal sealed class StallWatch : IAsyncDisposable
{
    /// <summary>Below this a transfer counts as standing still.</summary>
    public const int SlowestBytesPerSecond = 512;

    private const int Looks = 5;

    private readonly CancellationTokenSource _cancellation;
    private readonly Timer _timer;
    private readonly TimeSpan _timeout;
    private readonly long _slowest;
    private long _bytes;
    private long _seen;
    private long _movedAt = Stopwatch.GetTimestamp();
    private volatile bool _paused;

    public StallWatch(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _slowest = Math.Max(1, (long)(timeout.TotalSeconds * SlowestBytesPerSecond));
        _timer = new Timer(_ => Look(), null, timeout / Looks, timeout / Looks);
    }

    /// <summary>Cancelled by the caller's token or by a stall.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Whether it was a stall.</summary>
    public bool Stalled { get; private set; }

    /// <summary>Bytes arrived.</summary>
    public void Note(int bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>While true nobody expects bytes, for the bandwidth limit holds them back.</summary>
    public void Pause(bool paused) => _paused = paused;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _cancellation.Dispose();
    }

    private void Look()
    {
        var bytes = Interlocked.Read(ref _bytes);
        if (_paused || bytes - _seen >= _slowest)
        {
            (_seen, _movedAt) = (bytes, Stopwatch.GetTimestamp());
        }
        else if (Stopwatch.GetElapsedTime(_movedAt) >= _timeout)
        {
            Stalled = true;
            _cancellation.Cancel();
        }
    }
}
