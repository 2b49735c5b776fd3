using System.Collections.Concurrent;
using System.Diagnostics;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Execution;

/// <summary>
/// What is being transferred at the moment, for whoever shows it: one line for each finished transfer, and a heartbeat while
/// nothing finishes. Lines are plain and greppable; a live display reads <see cref="Running"/>.
/// </summary>
internal sealed class RunProgress : IAsyncDisposable
{
    private readonly Lock _lines = new();
    private readonly IRunLog _log;
    private readonly TimeSpan _heartbeatEvery;
    private readonly ConcurrentDictionary<Transfer, byte> _running = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _heartbeat;
    private long _lastLine;
    private long _ended;

    /// <summary>Starts the heartbeat.</summary>
    /// <param name="log">Where lines go.</param>
    /// <param name="heartbeatEvery">How long nothing may be said while something runs; ten seconds unless told otherwise.</param>
    public RunProgress(IRunLog log, TimeSpan? heartbeatEvery = null)
    {
        _log = log;
        _heartbeatEvery = heartbeatEvery ?? TimeSpan.FromSeconds(10);
        _heartbeat = Task.Run(BeatAsync);
    }

    /// <summary>Transfers that have begun and not ended.</summary>
    public IReadOnlyCollection<Transfer> Running => [.. _running.Keys];

    /// <summary>Bytes that all transfers moved, finished ones too.</summary>
    public long Moved => Interlocked.Read(ref _ended) + Running.Sum(t => t.Done);

    /// <summary>Begins a transfer.</summary>
    /// <param name="what">Such as <c>fetch kubelet</c> or <c>push node1 kubelet</c>.</param>
    public Transfer Begin(string what)
    {
        var transfer = new Transfer(what, _clock.Elapsed);
        _running.TryAdd(transfer, 0);
        return transfer;
    }

    /// <summary>Ends a transfer and prints its lines, which stay together.</summary>
    public void End(Transfer transfer, string outcome)
    {
        Remove(transfer);
        lock (_lines)
        {
            SayAll(transfer);
            _log.Information($"{transfer.What}: {outcome}");
        }
    }

    /// <summary>Ends a transfer that failed.</summary>
    public void Fail(Transfer transfer, string error)
    {
        Remove(transfer);
        lock (_lines)
        {
            SayAll(transfer);
            _log.Error($"{transfer.What}: {error}");
        }
    }

    /// <summary>Stops the heartbeat.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _heartbeat;
        _stop.Dispose();
    }

    private void SayAll(Transfer transfer)
    {
        foreach (var line in transfer.Said)
        {
            _log.Verbose($"{transfer.What}: {line}");
        }
    }

    private void Remove(Transfer transfer)
    {
        _running.TryRemove(transfer, out _);
        Interlocked.Add(ref _ended, transfer.Done);
        Interlocked.Exchange(ref _lastLine, _clock.ElapsedMilliseconds);
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_heartbeatEvery / 10);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var silent = _clock.ElapsedMilliseconds - Interlocked.Read(ref _lastLine);
                if (_log.Interactive || silent < _heartbeatEvery.TotalMilliseconds || _running.IsEmpty)
                {
                    continue;
                }

                Interlocked.Exchange(ref _lastLine, _clock.ElapsedMilliseconds);
                var running = Running;
                var done = running.Sum(t => t.Done);
                var slowest = running.OrderBy(t => t.Since).First();
                _log.Information($"still running: {running.Count} transfer{(running.Count == 1 ? "" : "s")}, {Units.Bytes(done)} so far, longest {slowest.What} for {Units.Duration(_clock.Elapsed - slowest.Since)}");
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the only way this loop ends.
        }
    }

    /// <summary>One transfer.</summary>
    internal sealed class Transfer(string what, TimeSpan since) : ITransferProgress
    {
        private readonly ConcurrentQueue<string> _said = new();
        private long _done;
        private long _expected;

        /// <summary>What is transferred.</summary>
        public string What => what;

        /// <summary>When it began, since the display began.</summary>
        public TimeSpan Since => since;

        /// <summary>Bytes so far.</summary>
        public long Done => Interlocked.Read(ref _done);

        /// <summary>Bytes in all, or 0 when unknown.</summary>
        public long Expected => Interlocked.Read(ref _expected);

        /// <inheritdoc/>
        public void Advance(long bytes) => Interlocked.Add(ref _done, bytes);

        /// <inheritdoc/>
        public void Expect(long bytes) => Interlocked.Exchange(ref _expected, bytes);

        /// <inheritdoc/>
        public void Say(string line) => _said.Enqueue(line);

        /// <summary>What was said of it, in order.</summary>
        public IReadOnlyCollection<string> Said => _said;
    }
}
