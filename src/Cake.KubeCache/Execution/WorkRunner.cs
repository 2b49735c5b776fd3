using System.Diagnostics;

namespace Cake.KubeCache.Execution;

/// <summary>
/// Runs a graph concurrently within its lanes. Nothing starts before the first call of <see cref="Start"/> or <see cref="JoinAsync"/>.
/// A failed item blocks what needs it and nothing else. Results are kept; nothing is thrown at whoever did not join.
/// </summary>
internal sealed class WorkRunner : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkLane> _lanes;
    private readonly CancellationTokenSource _stop;
    private readonly Stopwatch _clock = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unfinished;
    private bool _started;

    /// <summary>Makes a runner.</summary>
    /// <param name="graph">What to run.</param>
    /// <param name="limits">Places by lane; an item's lane that is not named here has no limit.</param>
    /// <param name="cancellationToken">Stops the run: nothing new starts and running items are asked to stop.</param>
    public WorkRunner(WorkGraph graph, IReadOnlyDictionary<string, int> limits, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _lanes = limits.ToDictionary(l => l.Key, l => new WorkLane(l.Value), StringComparer.Ordinal);
        foreach (var item in graph.Items.Values)
        {
            _entries.Add(item.Key, new Entry(item, _entries.Count, item.Lanes.Where(_lanes.ContainsKey).Select(l => _lanes[l]).ToArray()));
        }

        foreach (var entry in _entries.Values)
        {
            var needs = entry.Item.Needs.Distinct(StringComparer.Ordinal).ToList();
            entry.Waits = needs.Count;
            needs.ForEach(n => _entries[n].Followers.Add(entry));
        }

        _unfinished = _entries.Count;
    }

    /// <summary>Raised once for each item when it ended, on the thread that ended it, in no lock.</summary>
    public event Action<WorkResult>? Ended;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Starts the run; further calls do nothing.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_started)
            {
                return;
            }

            _started = true;
        }

        _clock.Start();
        _stop.Token.Register(CancelWaiting);
        if (_entries.Count == 0)
        {
            _finished.TrySetResult();
            return;
        }

        var first = new List<Entry>();
        lock (_gate)
        {
            foreach (var entry in ByPriority(_entries.Values.Where(e => e.Waits == 0)))
            {
                TakeOrPark(entry, first);
            }
        }

        Launch(first);
    }

    /// <summary>Starts the run if need be and waits for one item.</summary>
    public Task<WorkResult> JoinAsync(string key)
    {
        Start();
        return _entries[key].Done.Task;
    }

    /// <summary>Starts the run if need be and waits for everything.</summary>
    /// <returns>A result for each item, in the order of declaration.</returns>
    public async Task<IReadOnlyList<WorkResult>> RunAsync()
    {
        Start();
        await _finished.Task;
        return [.. _entries.Values.Select(e => e.Done.Task.Result)];
    }

    /// <summary>Stops what runs and waits until it has stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_started)
        {
            await _finished.Task;
        }

        _stop.Dispose();
    }

    private static IEnumerable<Entry> ByPriority(IEnumerable<Entry> entries) => entries.OrderByDescending(e => e.Item.Priority).ThenBy(e => e.Order);

    // Under the gate: an entry either gets a place in all its lanes at once, or waits in the first full one holding none.
    private void TakeOrPark(Entry entry, List<Entry> taken)
    {
        if (entry.State != WorkState.Waiting || _stop.IsCancellationRequested)
        {
            return;
        }

        if (Array.Find(entry.Lanes, l => l.Free == 0) is { } full)
        {
            full.Park(entry.Item.Key, entry.Item.Priority, entry.Order);
            return;
        }

        Array.ForEach(entry.Lanes, l => l.Free--);
        entry.State = WorkState.Running;
        taken.Add(entry);
    }

    private void Launch(List<Entry> entries) => entries.ForEach(e => _ = Task.Run(() => RunOneAsync(e)));

    private async Task RunOneAsync(Entry entry)
    {
        var started = _clock.Elapsed;
        Exception? error = null;
        try
        {
            await entry.Item.Work(_stop.Token);
        }
        catch (Exception e) // kept in the result: whoever joins decides
        {
            error = e;
        }

        var state = error switch
        {
            null => WorkState.Succeeded,
            OperationCanceledException when _stop.IsCancellationRequested => WorkState.Canceled,
            _ => WorkState.Failed,
        };
        Finish(entry, new WorkResult(entry.Item.Key, state, started, _clock.Elapsed - started) { Error = state == WorkState.Failed ? error : null });
    }

    private void Finish(Entry entry, WorkResult result)
    {
        var ended = new List<(Entry Entry, WorkResult Result)> { (entry, result) };
        var next = new List<Entry>();
        lock (_gate)
        {
            entry.State = result.State;
            if (result.State == WorkState.Succeeded)
            {
                // Before the places are given back: so a follower queues with those that already wait, by priority.
                foreach (var follower in ByPriority(entry.Followers.Where(f => --f.Waits == 0)).ToList())
                {
                    TakeOrPark(follower, next);
                }
            }
            else
            {
                EndFollowers(entry, result, ended);
            }

            foreach (var lane in entry.Lanes)
            {
                lane.Free++;
            }

            foreach (var lane in entry.Lanes)
            {
                while (lane.Free > 0 && lane.Next() is { } parked)
                {
                    TakeOrPark(_entries[parked], next);
                }
            }
        }

        Report(ended);
        Launch(next);
    }

    // Under the gate: what can no longer start has ended too, however far down it is.
    private static void EndFollowers(Entry failed, WorkResult result, List<(Entry Entry, WorkResult Result)> ended)
    {
        var pending = new Stack<Entry>(failed.Followers);
        while (pending.TryPop(out var follower))
        {
            if (follower.State != WorkState.Waiting)
            {
                continue;
            }

            follower.State = result.State == WorkState.Canceled ? WorkState.Canceled : WorkState.Blocked;
            ended.Add((follower, new WorkResult(follower.Item.Key, follower.State, TimeSpan.Zero, TimeSpan.Zero) { BlockedBy = result.BlockedBy ?? result.Key }));
            follower.Followers.ForEach(pending.Push);
        }
    }

    private void CancelWaiting()
    {
        var ended = new List<(Entry, WorkResult)>();
        lock (_gate)
        {
            foreach (var entry in _entries.Values.Where(e => e.State == WorkState.Waiting))
            {
                entry.State = WorkState.Canceled;
                ended.Add((entry, new WorkResult(entry.Item.Key, WorkState.Canceled, TimeSpan.Zero, TimeSpan.Zero)));
            }
        }

        Report(ended);
    }

    private void Report(List<(Entry Entry, WorkResult Result)> ended)
    {
        foreach (var (entry, result) in ended)
        {
            Ended?.Invoke(result);
            entry.Done.SetResult(result);
        }

        if (Interlocked.Add(ref _unfinished, -ended.Count) == 0)
        {
            _finished.TrySetResult();
        }
    }

    private sealed class Entry(WorkItem item, int order, WorkLane[] lanes)
    {
        public WorkItem Item { get; } = item;

        public int Order { get; } = order;

        public WorkLane[] Lanes { get; } = lanes;

        public List<Entry> Followers { get; } = [];

        public TaskCompletionSource<WorkResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waits { get; set; }

        public WorkState State { get; set; } = WorkState.Waiting;
    }
}
