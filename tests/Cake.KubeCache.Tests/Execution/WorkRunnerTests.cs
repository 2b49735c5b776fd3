using System.Collections.Concurrent;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Execution;

public sealed class WorkRunnerTests
{
    private static readonly Dictionary<string, int> NoLimits = [];
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task Runs_an_item_only_after_all_it_needs()
    {
        var results = await Run([Item("c", "a", "b"), Item("a"), Item("b", "a")]);

        _log.ShouldBe(["a", "b", "c"]);
        results.Select(r => r.Key).ShouldBe(["c", "a", "b"]);
        results.ShouldAllBe(r => r.State == WorkState.Succeeded);
    }

    [Fact]
    public async Task A_failure_blocks_what_needs_it_and_nothing_else()
    {
        var results = await Run([Failing("bad"), Item("needs-bad", "bad"), Item("needs-that", "needs-bad"), Item("other")]);

        results.ToDictionary(r => r.Key, r => r.State).ShouldBe(new Dictionary<string, WorkState>
        {
            ["bad"] = WorkState.Failed,
            ["needs-bad"] = WorkState.Blocked,
            ["needs-that"] = WorkState.Blocked,
            ["other"] = WorkState.Succeeded,
        });
        results.Single(r => r.Key == "needs-that").BlockedBy.ShouldBe("bad");
        results.Single(r => r.Key == "bad").Error.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task Never_runs_more_than_a_lane_allows()
    {
        var running = 0;
        var most = 0;
        var items = Enumerable.Range(0, 40).Select(i => new WorkItem
        {
            Key = $"i{i}",
            Lanes = i % 2 == 0 ? ["narrow", "wide"] : ["wide"],
            Work = async ct =>
            {
                if (i % 2 == 0)
                {
                    var now = Interlocked.Increment(ref running);
                    InterlockedMax(ref most, now);
                    await Task.Delay(2, ct);
                    Interlocked.Decrement(ref running);
                }
            },
        });

        var results = await Run(items, new() { ["narrow"] = 2, ["wide"] = 5 });

        results.ShouldAllBe(r => r.State == WorkState.Succeeded);
        most.ShouldBe(2);
    }

    [Fact]
    public async Task Starts_the_highest_priority_first_when_places_are_short()
    {
        var items = new[] { 1L, 3, 2 }.Select(p => new WorkItem { Key = $"p{p}", Lanes = ["one"], Priority = p, Work = Log($"p{p}") });

        await Run(items, new() { ["one"] = 1 });

        _log.ShouldBe(["p3", "p2", "p1"]);
    }

    [Fact]
    public async Task Starts_nothing_before_the_first_join_and_joins_see_their_own_result()
    {
        await using var runner = new WorkRunner(new WorkGraph([Item("a"), Failing("b")]), NoLimits, default);
        await Task.Delay(20);
        _log.ShouldBeEmpty();

        (await runner.JoinAsync("a")).State.ShouldBe(WorkState.Succeeded);
        (await runner.JoinAsync("b")).State.ShouldBe(WorkState.Failed);
    }

    [Fact]
    public async Task Cancelling_stops_what_runs_and_starts_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var endless = new WorkItem { Key = "endless", Work = async ct => { started.SetResult(); await Task.Delay(Timeout.Infinite, ct); } };
        await using var runner = new WorkRunner(new WorkGraph([endless, Item("after", "endless")]), NoLimits, stop.Token);
        var run = runner.RunAsync();
        await started.Task;

        await stop.CancelAsync();
        var results = await run.WaitAsync(TimeSpan.FromSeconds(5));

        results.ShouldAllBe(r => r.State == WorkState.Canceled);
        _log.ShouldBeEmpty();
    }

    [Fact]
    public void A_cycle_is_refused_and_printed()
    {
        var error = Should.Throw<KubeCacheException>(() => new WorkGraph([Item("a", "c"), Item("b", "a"), Item("c", "b"), Item("d", "a")]));

        error.Message.ShouldContain("a -> c -> b -> a");
    }

    [Fact]
    public void An_unknown_need_and_a_double_key_are_refused()
    {
        Should.Throw<KubeCacheException>(() => new WorkGraph([Item("a", "ghost")])).Message.ShouldContain("ghost");
        Should.Throw<KubeCacheException>(() => new WorkGraph([Item("a"), Item("a")])).Message.ShouldContain("twice");
    }

    [Fact]
    public async Task Ten_thousand_items_in_a_few_lanes_all_end()
    {
        var items = Enumerable.Range(0, 10_000).Select(i => new WorkItem
        {
            Key = $"{i}",
            Needs = i < 100 ? [] : [$"{i - 100}"],
            Lanes = ["all", $"lane{i % 10}"],
            Priority = i % 7,
            Work = _ => Task.CompletedTask,
        });
        var limits = Enumerable.Range(0, 10).ToDictionary(i => $"lane{i}", _ => 1);
        limits["all"] = 6;

        (await Run(items, limits)).Count(r => r.State == WorkState.Succeeded).ShouldBe(10_000);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private static async Task<IReadOnlyList<WorkResult>> Run(IEnumerable<WorkItem> items, Dictionary<string, int>? limits = null)
    {
        await using var runner = new WorkRunner(new WorkGraph(items), limits ?? NoLimits, default);
        return await runner.RunAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static WorkItem Failing(string key) => new() { Key = key, Work = _ => throw new InvalidOperationException(key) };

    private WorkItem Item(string key, params string[] needs) => new() { Key = key, Needs = needs, Work = Log(key) };

    private Func<CancellationToken, Task> Log(string key) => _ =>
    {
        _log.Enqueue(key);
        return Task.CompletedTask;
    };
}
