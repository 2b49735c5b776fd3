using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>A fetch of many artifacts that is killed at random points, many times.</summary>
public sealed class CrashTests
{
    private const int Kills = 15;

    [Fact]
    public async Task A_killed_fetch_leaves_a_store_that_the_next_run_completes_without_fetching_anything_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is sent");
        using var folder = new TemporaryFolder();
        var random = new Random(20261123);
        await using var world = await CrashWorld.StartAsync(folder.At("cache"));
        var killed = 0;
        for (var round = 0; round < Kills; round++)
        {
            world.BeginRound(random.Next(1, 60));
            killed += await RunChildAsync(world) ? 1 : 0;
            world.Again.ShouldBeEmpty();
            using var seen = ContentStore.Open(world.Cache);
            seen.Snapshot().Artifacts.Count.ShouldBeLessThanOrEqualTo(world.Count);
        }

        world.BeginRound(int.MaxValue);
        (await RunChildAsync(world)).ShouldBeFalse();

        killed.ShouldBeGreaterThan(Kills / 2);
        world.Again.ShouldBeEmpty();
        world.Resumed.ShouldBeGreaterThan(0);
        using var store = ContentStore.Open(world.Cache);
        store.Snapshot().Artifacts.Count.ShouldBe(world.Count);
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();

        // Notes of a download that was entered just before a kill may stay until Prune; unfinished content may not.
        Directory.GetFiles(store.Layout.Partials, "*.part").ShouldBeEmpty();
    }

    /// <summary>True when it was killed.</summary>
    private static async Task<bool> RunChildAsync(CrashWorld world)
    {
        using var child = FetchProcess.Start(world.Plan);
        await using var kill = world.KillNow.Token.Register(child.Kill);
        var whole = await child.EndAsync();
        if (!whole && !world.KillNow.IsCancellationRequested)
        {
            Assert.Fail(child.Said);
        }

        return !whole;
    }

    /// <summary>Slow servers with 24 files and 8 images that share layers; they count what is asked for though it was complete.</summary>
    private sealed class CrashWorld : IAsyncDisposable
    {
        private readonly Dictionary<string, byte[]> _files = [];
        private LoopbackServer _server = null!;
        private LoopbackRegistry _registry = null!;
        private HashSet<string> _complete = [];
        private int _resumed;
        private int _left;

        public string Cache { get; private init; } = "";

        public int Count => Plan.Files.Count + Plan.Images.Count;

        public FetchPlan Plan { get; private set; } = null!;

        public ConcurrentQueue<string> Again { get; } = [];

        public int Resumed => _resumed;

        public CancellationTokenSource KillNow { get; private set; } = new();

        public static async Task<CrashWorld> StartAsync(string cache)
        {
            var world = new CrashWorld { Cache = cache };
            world._server = await LoopbackServer.StartAsync(world.AnswerFileAsync);
            world._registry = await LoopbackRegistry.StartAsync();
            world._registry.Before = world.BeforeAsync;
            world.Plan = new FetchPlan(cache, world._registry.Host, [], []);
            for (var i = 0; i < 24; i++)
            {
                var content = TestImage.Noise(150_000 + (i * 10_000), i);
                world._files[$"/file{i}"] = content;
                world.Plan.Files[$"{world._server.Url}/file{i}"] = i % 2 == 0 ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) : "sha512:" + Convert.ToHexStringLower(SHA512.HashData(content));
            }

            for (var i = 0; i < 8; i++)
            {
                world.Plan.Images.Add(world._registry.Push($"app{i}", "v1", TestImage.Make([$"base {i % 2}", $"middle {i % 3}", $"own {i}"], docker: i % 2 == 1, padding: 200_000)).ToString());
            }

            return world;
        }

        /// <summary>What is complete now must not be asked for again; after so many pieces the child is killed.</summary>
        public void BeginRound(int pieces)
        {
            KillNow.Dispose();
            KillNow = new CancellationTokenSource();
            _left = pieces;
            _complete = [.. StoreFiles.Blobs(new StoreLayout(Cache)).Select(b => b.Digest.Hex)];
        }

        public async ValueTask DisposeAsync()
        {
            KillNow.Dispose();
            await _server.DisposeAsync();
            await _registry.DisposeAsync();
        }

        private async Task AnswerFileAsync(HttpContext context)
        {
            var content = _files[context.Request.Path.Value!];
            Note(context, Convert.ToHexStringLower(SHA256.HashData(content)));
            await DripAsync(context, content);
        }

        private Task<bool> BeforeAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            if (path.IndexOf("/blobs/sha256:", StringComparison.Ordinal) is >= 0 and var at)
            {
                Note(context, path[(at + "/blobs/sha256:".Length)..]);
                CountPiece();
            }

            return Task.FromResult(false);
        }

        private void Note(HttpContext context, string hex)
        {
            if (_complete.Contains(hex))
            {
                Again.Enqueue($"{context.Request.Method} {context.Request.Path}");
            }

            if (context.Request.Headers.Range.Count > 0)
            {
                Interlocked.Increment(ref _resumed);
            }
        }

        private async Task DripAsync(HttpContext context, byte[] content)
        {
            var from = context.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
            context.Response.StatusCode = from > 0 ? 206 : 200;
            context.Response.Headers.ETag = "\"1\"";
            context.Response.Headers.ContentRange = from > 0 ? $"bytes {from}-{content.Length - 1}/{content.Length}" : default;
            context.Response.ContentLength = content.Length - from;
            for (var at = from; at < content.Length && !context.RequestAborted.IsCancellationRequested; at += 40_000)
            {
                await context.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(40_000, content.Length - at)));
                await Task.Delay(2);
                CountPiece();
            }
        }

        private void CountPiece()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                KillNow.Cancel();
            }
        }
    }
}
