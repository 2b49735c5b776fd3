using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>Two real processes that fetch the same into one cache.</summary>
public sealed class TwoProcessTests
{
    [Fact]
    public async Task Two_that_begin_together_download_everything_once_and_both_end_well()
    {
        using var folder = new TemporaryFolder();
        await using var world = await World.StartAsync(folder.At("cache"));

        using var first = FetchProcess.Start(world.Plan);
        using var second = FetchProcess.Start(world.Plan);
        await first.SucceedAsync();
        await second.SucceedAsync();

        world.Bodies.Count.ShouldBe(world.DistinctContents);
        world.Bodies.Values.ShouldAllBe(times => times == 1);
        (first.Said + second.Said).ShouldContain("another process is downloading it; waiting");
        await WholeAsync(folder.At("cache"), world.Plan.Files.Count + world.Plan.Images.Count);
    }

    [Fact]
    public async Task One_that_waits_goes_on_from_the_byte_at_which_the_other_was_killed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is sent");
        using var folder = new TemporaryFolder();
        var content = TestImage.Noise(3_000_000, 81);
        const int Half = 1_500_000;
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.ETag = "\"1\"";
            if (c.Request.Headers.Range.Count > 0)
            {
                await LoopbackRegistry.WriteAsync(c, content);
                return;
            }

            c.Response.ContentLength = content.Length;
            await c.Response.Body.WriteAsync(content.AsMemory(0, Half));
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
        });
        var plan = new FetchPlan(folder.At("cache"), "none.invalid", new() { [server.Url + "/x"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) }, []);
        var partial = new StoreLayout(plan.Cache).Partial(Convert.ToHexStringLower(SHA256.HashData(content)));

        using var first = FetchProcess.Start(plan);
        await UntilAsync(() => File.Exists(partial) && new FileInfo(partial).Length == Half);
        using var second = FetchProcess.Start(plan);
        await UntilAsync(() => second.Said.Contains("another process is downloading it; waiting", StringComparison.Ordinal));
        first.Kill();
        await second.SucceedAsync();

        (await first.EndAsync()).ShouldBeFalse();
        server.Requests.Select(r => r["Range"]).ShouldBe([null, $"bytes={Half}-"]);
        await WholeAsync(plan.Cache, 1);
    }

    private static async Task WholeAsync(string cache, int artifacts)
    {
        using var store = ContentStore.Open(cache);
        store.Snapshot().Artifacts.Count.ShouldBe(artifacts);
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
        Directory.GetFiles(store.Layout.Partials).ShouldBeEmpty();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Slow servers with files of both kinds of checksum and images that share layers; they count every body that is asked for.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly Dictionary<string, byte[]> _files = [];
        private LoopbackServer _server = null!;
        private LoopbackRegistry _registry = null!;

        public FetchPlan Plan { get; private set; } = null!;

        public ConcurrentDictionary<string, int> Bodies { get; } = [];

        public int DistinctContents { get; private set; }

        public static async Task<World> StartAsync(string cache)
        {
            var world = new World();
            world._server = await LoopbackServer.StartAsync(world.AnswerAsync);
            world._registry = await LoopbackRegistry.StartAsync();
            world._registry.Before = world.BeforeAsync;
            world.Plan = new FetchPlan(cache, world._registry.Host, [], []);
            for (var i = 0; i < 16; i++)
            {
                var content = TestImage.Noise(400_000, 90 + i);
                world._files[$"/file{i}"] = content;
                world.Plan.Files[$"{world._server.Url}/file{i}"] = i % 2 == 0 ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) : "sha512:" + Convert.ToHexStringLower(SHA512.HashData(content));
            }

            var blobs = new HashSet<Digest>();
            for (var i = 0; i < 6; i++)
            {
                var image = TestImage.Make([$"base {i % 2}", $"own {i}"], docker: i % 2 == 1, padding: 200_000);
                blobs.UnionWith(image.Layers.Append(image.Config));
                world.Plan.Images.Add(world._registry.Push($"app{i}", "v1", image).ToString());
            }

            world.DistinctContents = world._files.Count + blobs.Count;
            return world;
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            await _registry.DisposeAsync();
        }

        private async Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            Bodies.AddOrUpdate(path, 1, (_, n) => n + 1);
            var content = _files[path];
            context.Response.ContentLength = content.Length;

            // Long enough for the other process to come up meanwhile, on a busy machine too.
            for (var at = 0; at < content.Length; at += 50_000)
            {
                await context.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(50_000, content.Length - at)));
                await Task.Delay(150);
            }
        }

        private async Task<bool> BeforeAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            if (path.IndexOf("/blobs/", StringComparison.Ordinal) is >= 0 and var at)
            {
                Bodies.AddOrUpdate(path[at..], 1, (_, n) => n + 1);
                await Task.Delay(200);
            }

            return false;
        }
    }
}
