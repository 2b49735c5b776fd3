using System.Diagnostics;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>The limits of a run, as servers see them.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(8, 2, 2)]
    public async Task No_more_downloads_run_at_once_than_the_limits_allow_and_as_many_as_they_do(int all, int perHost, int most)
    {
        var (running, seen) = (0, 0);
        var reached = new TaskCompletionSource();
        var contents = Enumerable.Range(0, 12).Select(i => TestImage.Noise(1000, 100 + i)).ToList();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref seen, now);
            if (now == most)
            {
                reached.TrySetResult();
            }

            // Nobody ends before the limit is reached: one that is never reached hangs here, one that is broken is seen.
            await reached.Task.WaitAsync(c.RequestAborted);
            await Task.Delay(20);
            Interlocked.Decrement(ref running);
            await LoopbackRegistry.WriteAsync(c, contents[int.Parse(c.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture)]);
        });
        await using var bench = new FetchBench(FetchBench.Plain() with { MaxConcurrency = all, MaxPerHost = perHost });

        await Task.WhenAll(contents.Select((content, i) => bench.FetchAsync(FetchBench.File($"{server.Url}/{i}", content))));

        seen.ShouldBe(most);
    }

    [Fact]
    public async Task Of_files_that_wait_the_one_goes_first_whose_last_version_was_largest_and_an_unknown_one_before_a_small_one()
    {
        var go = new TaskCompletionSource();
        string[] names = ["first", "small", "unknown", "large"];
        var contents = names.Select((name, i) => (name, content: TestImage.Noise(1000, 130 + i))).ToDictionary(c => "/" + c.name, c => c.content);
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await go.Task.WaitAsync(c.RequestAborted);
            await LoopbackRegistry.WriteAsync(c, contents[c.Request.Path.Value!]);
        });
        await using var bench = new FetchBench(FetchBench.Plain() with { MaxConcurrency = 1 });
        await bench.HadAsync("small", 5_000);
        await bench.HadAsync("large", 1_000, DateTimeOffset.UnixEpoch);
        await bench.HadAsync("large", 50_000_000);
        var fetches = new List<Task>();
        foreach (var name in names)
        {
            fetches.Add(bench.FetchAsync(FetchBench.File($"{server.Url}/{name}", contents["/" + name]) with { Name = name }));
            while (server.Requests.IsEmpty || bench.Fetcher.Waiting < fetches.Count - 1)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        go.SetResult();
        await Task.WhenAll(fetches);

        server.Requests.Select(r => r.Path).ShouldBe(["/first", "/large", "/unknown", "/small"]);
    }

    [Fact]
    public async Task One_rate_covers_files_and_layers_together()
    {
        var content = TestImage.Noise(500_000, 120);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content));
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("a", "v1", TestImage.Make(["layer"], padding: 500_000));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host) with { MaxBytesPerSecond = 1_000_000 });
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(bench.FetchAsync(FetchBench.File(server.Url + "/x", content)), bench.FetchAsync(FetchBench.Image(reference)));

        // Only from below: a busy machine may take as long as it likes.
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.7));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int before;
        while ((before = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, before) != before)
        {
        }
    }
}
