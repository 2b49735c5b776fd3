namespace Cake.KubeCache.Transport;

/// <summary>
/// Work that is under way is joined by whoever asks for the same, never begun twice. It is cancelled only when everybody who
/// waited for it has gone; when it is over it is forgotten.
/// </summary>
internal sealed class SharedWork<TKey, T>
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Running> _running = [];

    /// <summary>Begins the work, or joins it.</summary>
    /// <param name="key">What makes work the same.</param>
    /// <param name="work">The work; its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends this caller's waiting.</param>
    /// <returns>The result, and whether this caller began the work.</returns>
    public async Task<(T Result, bool Began)> RunAsync(TKey key, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Running running;
        bool began;
        lock (_gate)
        {
            began = !_running.TryGetValue(key, out running!);
            if (began)
            {
                running = new Running();
                _running.Add(key, running);

                // On the pool: the work must not run under the lock.
                running.Task = Task.Run(() => RunAsync(key, running, work), CancellationToken.None);
            }

            running.Waiting++;
        }

        try
        {
            return (await running.Task.WaitAsync(cancellationToken).ConfigureAwait(false), began);
        }
        finally
        {
            Leave(key, running);
        }
    }

    private async Task<T> RunAsync(TKey key, Running running, Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(running.Cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            Forget(key, running);
        }
    }

    private void Leave(TKey key, Running running)
    {
        lock (_gate)
        {
            if (--running.Waiting > 0 || running.Task.IsCompleted)
            {
                return;
            }

            // A later caller must not join what is being cancelled.
            Forget(key, running);
        }

        running.Cancellation.Cancel();
    }

    private void Forget(TKey key, Running running)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(key, out var current) && ReferenceEquals(current, running))
            {
                _running.Remove(key);
            }
        }
    }

    private sealed class Running
    {
        public CancellationTokenSource Cancellation { get; } = new();

        public Task<T> Task { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
