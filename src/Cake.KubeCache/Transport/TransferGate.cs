namespace Cake.KubeCache.Transport;

/// <summary>
/// Limits how many transfers run at once, in all and per host. Of those that wait the largest starts first, because a large one
/// that starts last keeps everybody waiting; every fourth start goes to whoever waits longest, so that small ones come through.
/// </summary>
/// <param name="total">Transfers at once; at least 1.</param>
/// <param name="perHost">Transfers at once to one host; 0 for no limit of its own.</param>
internal sealed class TransferGate(int total, int perHost)
{
    /// <summary>What a transfer of unknown size counts as: it may be large, so it starts before those that are known to be small.</summary>
    public const long UnknownSize = 32 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiting = [];
    private readonly Dictionary<string, int> _running = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _total = Math.Max(1, total);
    private int _active;
    private int _starts;

    /// <summary>How many wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Waits for a place. Disposing what is returned gives the place back.</summary>
    /// <param name="host">Whom the transfer is with.</param>
    /// <param name="size">Bytes, or null when not known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IDisposable> EnterAsync(string host, long? size, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(host, size ?? UnknownSize);
        lock (_lock)
        {
            _waiting.Add(waiter);
            StartWhatMay();
        }

        using (cancellationToken.Register(() => Withdraw(waiter, cancellationToken)))
        {
            await waiter.Started.Task.ConfigureAwait(false);
        }

        return new Place(this, host);
    }

    private void Withdraw(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiter))
            {
                waiter.Started.TrySetCanceled(cancellationToken);
            }
        }
    }

    private void Leave(string host)
    {
        lock (_lock)
        {
            _active--;
            _running[host]--;
            StartWhatMay();
        }
    }

    private void StartWhatMay()
    {
        while (_active < _total && Next() is { } next)
        {
            _waiting.Remove(next);
            _active++;
            _starts++;
            _running[next.Host] = _running.GetValueOrDefault(next.Host) + 1;
            next.Started.TrySetResult();
        }
    }

    private Waiter? Next()
    {
        var allowed = _waiting.Where(w => perHost <= 0 || _running.GetValueOrDefault(w.Host) < perHost);
        return _starts % 4 == 3 ? allowed.FirstOrDefault() : allowed.MaxBy(w => w.Size);
    }

    private sealed class Place(TransferGate gate, string host) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(host);
            }
        }
    }

    private sealed record Waiter(string Host, long Size)
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Equals(Waiter? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
