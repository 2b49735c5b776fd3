using System.Diagnostics;
using Cake.KubeCache.Transport;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport;

public sealed class SharingTests
{
    [Fact]
    public async Task A_gate_lets_in_no_more_than_its_limits()
    {
        var gate = new TransferGate(4, 2);
        var (running, most, mostOfOne) = (0, 0, 0);
        var perHost = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var host = $"host{i % 3}";
            using var place = await gate.EnterAsync(host, i, TestContext.Current.CancellationToken);
            Max(ref most, Interlocked.Increment(ref running));
            Max(ref mostOfOne, perHost.AddOrUpdate(host, 1, (_, n) => n + 1));
            await Task.Delay(5);
            perHost.AddOrUpdate(host, 0, (_, n) => n - 1);
            Interlocked.Decrement(ref running);
        }));

        most.ShouldBe(4);
        mostOfOne.ShouldBe(2);
    }

    [Fact]
    public async Task A_gate_lets_the_large_go_first_and_forgets_nobody()
    {
        var gate = new TransferGate(1, 0);
        var first = await gate.EnterAsync("h", 1, TestContext.Current.CancellationToken);
        var order = new List<long>();
        var waiting = new long[] { 1, 5, 3, 9, 7 }.Select(async size =>
        {
            using var place = await gate.EnterAsync("h", size, TestContext.Current.CancellationToken);
            order.Add(size);
        }).ToList();
        first.Dispose();
        await Task.WhenAll(waiting);

        // Every fourth start, the first included, is the longest waiter's.
        order.ShouldBe([9, 7, 1, 5, 3]);
    }

    [Fact]
    public async Task A_gate_lets_what_it_knows_nothing_of_go_before_the_small_and_after_the_large()
    {
        var gate = new TransferGate(1, 0);
        var first = await gate.EnterAsync("h", 1, TestContext.Current.CancellationToken);
        var order = new List<long?>();
        var waiting = new long?[] { 1, 5_000_000, null, 50_000_000 }.Select(async size =>
        {
            using var place = await gate.EnterAsync("h", size, TestContext.Current.CancellationToken);
            order.Add(size);
        }).ToList();
        gate.Waiting.ShouldBe(4);
        first.Dispose();
        await Task.WhenAll(waiting);

        order.ShouldBe([50_000_000, null, 1, 5_000_000]);
        gate.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_waiter_that_is_cancelled_takes_no_place()
    {
        var gate = new TransferGate(1, 0);
        var first = await gate.EnterAsync("h", 1, TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();
        var cancelled = gate.EnterAsync("h", 1, cancellation.Token);
        var patient = gate.EnterAsync("h", 1, TestContext.Current.CancellationToken);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        first.Dispose();

        (await patient.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    [Fact]
    public async Task A_limiter_holds_several_transfers_to_one_rate()
    {
        var limiter = new RateLimiter(1_000_000);
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 10; i++)
            {
                await limiter.WaitAsync(25_000, TestContext.Current.CancellationToken);
            }
        }));

        watch.Elapsed.TotalSeconds.ShouldBeInRange(0.8, 3);
    }

    [Fact]
    public async Task Work_that_failed_is_done_anew_by_the_next_who_asks()
    {
        var shared = new SharedWork<string, int>();
        var runs = 0;
        Task<int> Work(CancellationToken _) => ++runs == 1 ? throw new InvalidOperationException("first") : Task.FromResult(runs);

        await Should.ThrowAsync<InvalidOperationException>(() => shared.RunAsync("k", Work, TestContext.Current.CancellationToken));

        (await shared.RunAsync("k", Work, TestContext.Current.CancellationToken)).ShouldBe((2, true));
    }

    [Fact]
    public async Task Work_is_cancelled_when_the_last_who_waits_has_gone()
    {
        var shared = new SharedWork<string, int>();
        var ended = new TaskCompletionSource();
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        async Task<int> Work(CancellationToken token)
        {
            await using var _ = token.Register(() => ended.SetResult());
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }

        var (first, second) = (shared.RunAsync("k", Work, one.Token), shared.RunAsync("k", Work, two.Token));
        await one.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        ended.Task.IsCompleted.ShouldBeFalse();
        await two.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private static void Max(ref int most, int now)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, seen) != seen)
        {
        }
    }
}
