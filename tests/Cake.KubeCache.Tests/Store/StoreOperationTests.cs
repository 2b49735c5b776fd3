using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Tests.Store;

public sealed class StoreOperationTests
{
    private static readonly byte[] Content = TestImage.Noise(200_000, 21);

    [Fact]
    public async Task Verify_finds_a_whole_store_whole()
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();

        var report = await new StoreVerifier(world.Bench.Store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken);

        report.Bad.ShouldBeEmpty();
        report.Blobs.ShouldBe(Directory.GetFiles(world.Bench.Store.Layout.Blobs).Length);
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    public async Task Verify_names_the_owners_of_a_bad_blob_and_repair_brings_it_back(string damage)
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();
        var store = world.Bench.Store;
        var before = store.Snapshot().Artifacts;
        Damage(store.Layout.Blob(world.Docker.Layers[0]), damage);
        Damage(store.Layout.Blob(Digest.Parse(store.Manifest.Artifacts[world.File.ContentKey].Digest)), damage);
        Damage(store.Layout.Blob(Digest.Parse(store.Manifest.Artifacts[world.File.ContentKey].File!.Manifest)), damage);
        var verifier = new StoreVerifier(store);

        var report = await verifier.VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken);
        var received = await world.Bench.Fetcher.RepairAsync(report, NoProgress.Instance, TestContext.Current.CancellationToken);
        var after = await verifier.VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken);

        report.Bad.Count.ShouldBe(3);
        report.Damaged.ShouldBe(new[] { world.File.ContentKey, FetchBench.Image(world.DockerReference).ContentKey }, ignoreOrder: true);
        received.ShouldBe(Content.Length + world.Docker.Blobs[world.Docker.Layers[0]].Length);
        after.Bad.ShouldBeEmpty();
        store.Snapshot().Artifacts.Keys.ShouldBe(before.Keys);
        StoreFiles.Quarantined(store.Layout).Count().ShouldBe(damage == "missing" ? 0 : 3);
    }

    [Fact]
    public async Task Repair_tells_together_what_cannot_be_had_again()
    {
        var world = await World.StartAsync();
        await world.FetchAllAsync();
        var store = world.Bench.Store;
        await world.StopServersAsync();
        File.Delete(store.Layout.Blob(world.Docker.Layers[0]));
        File.Delete(store.Layout.Blob(Digest.Parse(store.Manifest.Artifacts[world.File.ContentKey].Digest)));
        var report = await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken);

        var error = await Should.ThrowAsync<KubeCacheException>(() => world.Bench.Fetcher.RepairAsync(report, NoProgress.Instance, TestContext.Current.CancellationToken));

        error.Faults.Count.ShouldBe(2);
        store.Snapshot().Artifacts.Keys.ShouldBe([FetchBench.Image(world.OciReference).ContentKey]);
        await world.Bench.DisposeAsync();
    }

    [Fact]
    public async Task An_artifact_with_a_blob_of_another_size_is_fetched_again()
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();
        await File.AppendAllTextAsync(world.Bench.Store.Layout.Blob(Digest.Parse(world.Bench.Store.Manifest.Artifacts[world.File.ContentKey].Digest)), "x", TestContext.Current.CancellationToken);

        world.Bench.Store.Snapshot().TryGet(world.File, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Prune_keeps_what_the_current_and_the_last_plans_reference()
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();
        var store = world.Bench.Store;
        var pruner = new StorePruner(store, TimeProvider.System);
        var (file, oci, docker) = (world.File.ContentKey, FetchBench.Image(world.OciReference).ContentKey, FetchBench.Image(world.DockerReference).ContentKey);
        await pruner.RecordPlanAsync([file], TestContext.Current.CancellationToken);
        await pruner.RecordPlanAsync([docker], TestContext.Current.CancellationToken);

        pruner.Plan([], keep: 2).Artifacts.Select(a => a.ContentKey).ShouldBe([oci]);
        var plan = pruner.Plan([oci], keep: 1);
        store.Snapshot().Artifacts.Count.ShouldBe(3);
        await pruner.ApplyAsync(plan, TestContext.Current.CancellationToken);

        plan.Artifacts.Select(a => a.ContentKey).ShouldBe([file]);
        plan.Bytes.ShouldBeGreaterThan(Content.Length);
        store.Snapshot().Artifacts.Keys.ShouldBe(new[] { oci, docker }, ignoreOrder: true);
        store.Has(world.Oci.Layers[0]).ShouldBeTrue();
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
        pruner.Plan([oci], keep: 1).Blobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Prune_of_everything_leaves_a_store_that_works()
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();
        var pruner = new StorePruner(world.Bench.Store, TimeProvider.System);

        await pruner.ApplyAsync(pruner.Plan([], keep: 0), TestContext.Current.CancellationToken);
        var status = StoreStatus.Of(world.Bench.Store);
        await world.FetchAllAsync();

        status.Bytes.ShouldBeLessThan(10);
        world.Bench.Store.Snapshot().Artifacts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Prune_leaves_alone_what_another_process_may_be_bringing_in()
    {
        await using var bench = new FetchBench();
        var orphan = bench.Store.Put(Content);

        new StorePruner(bench.Store, TimeProvider.System).Plan([], keep: 0).Blobs.ShouldBeEmpty();
        new StorePruner(bench.Store, new Tomorrow()).Plan([], keep: 0).Blobs.ShouldBe([orphan]);
    }

    [Fact]
    public async Task Status_counts_what_is_shared_once()
    {
        await using var world = await World.StartAsync();
        await world.FetchAllAsync();

        var status = StoreStatus.Of(world.Bench.Store);

        (status.Files, status.Images, status.Incomplete).ShouldBe((1, 2, 0));
        status.Blobs.ShouldBe(Directory.GetFiles(world.Bench.Store.Layout.Blobs).Length);
        status.LogicalBytes.ShouldBe(world.Bench.Store.Snapshot().Artifacts.Values.Sum(a => a.Size));
        status.DedupeRatio.ShouldBeGreaterThan(1);
        status.FreeBytes!.Value.ShouldBeGreaterThan(0);
        status.Oldest!.Value.ShouldBeLessThanOrEqualTo(status.Newest!.Value);
    }

    [Fact]
    public async Task A_hundred_commits_at_once_share_rewrites()
    {
        await using var bench = new FetchBench();
        var (digest, manifest) = (bench.Store.Put(Content), FileArtifactManifest.Bytes(Digest.Sha256(System.Security.Cryptography.SHA256.HashData(Content)), Content.Length, "x"));
        var file = new FileEntry { Url = "http://example/x", Title = "x", Manifest = bench.Store.Put(manifest).ToString(), ManifestSize = manifest.Length };
        var entry = new CacheEntry { Name = "x", Digest = digest.ToString(), Size = Content.Length, Source = "http://example/x", FetchedAt = DateTimeOffset.UnixEpoch, File = file };
        var writes = 0;
        using var watcher = new FileSystemWatcher(bench.Store.Directory, "manifest.json") { EnableRaisingEvents = true };
        watcher.Renamed += (_, _) => Interlocked.Increment(ref writes);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => bench.Store.CommitAsync($"file:{i}", entry, TestContext.Current.CancellationToken))));

        bench.Store.Snapshot().Artifacts.Count.ShouldBe(100);
        await Task.Delay(100);
        writes.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Two_stores_on_one_folder_lose_none_of_each_others_entries()
    {
        await using var world = await World.StartAsync();
        using var other = ContentStore.Open(world.Bench.Store.Directory);
        await using var fetcher = new Fetcher(other, world.Bench.Settings);

        await Task.WhenAll(
            world.Bench.FetchAsync(world.File),
            fetcher.FetchAsync(FetchBench.Image(world.OciReference), NoProgress.Instance, TestContext.Current.CancellationToken),
            world.Bench.FetchAsync(FetchBench.Image(world.DockerReference)));

        other.Snapshot().Artifacts.Count.ShouldBe(3);
        world.Bench.Store.Snapshot().Artifacts.Count.ShouldBe(3);
    }

    private static void Damage(string path, string how)
    {
        if (how == "missing")
        {
            File.Delete(path);
            return;
        }

        var bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        File.WriteAllBytes(path, how == "flipped" ? bytes : bytes[..^1]);
    }

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(1);
    }

    /// <summary>A file and two images that share a layer, and servers that have them.</summary>
    private sealed class World : IAsyncDisposable
    {
        private LoopbackServer _server = null!;
        private LoopbackRegistry _registry = null!;

        public FetchBench Bench { get; private set; } = null!;

        public FileArtifact File { get; private set; } = null!;

        public TestImage Oci { get; } = TestImage.Make(["shared", "oci"], padding: 10_000);

        public TestImage Docker { get; } = TestImage.Make(["only docker", "shared"], docker: true, padding: 10_000);

        public ImageReference OciReference { get; private set; } = null!;

        public ImageReference DockerReference { get; private set; } = null!;

        public static async Task<World> StartAsync()
        {
            var world = new World { _server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content)), _registry = await LoopbackRegistry.StartAsync() };
            world.File = FetchBench.File(world._server.Url + "/kubelet", Content, "sha512");
            world.OciReference = world._registry.Push("oci", "v1", world.Oci);
            world.DockerReference = world._registry.Push("docker", "v1", world.Docker);
            world.Bench = new FetchBench(FetchBench.Plain(world._registry.Host));
            return world;
        }

        public Task<FetchOutcome[]> FetchAllAsync() => Task.WhenAll(Bench.FetchAsync(File), Bench.FetchAsync(FetchBench.Image(OciReference)), Bench.FetchAsync(FetchBench.Image(DockerReference)));

        public async Task StopServersAsync()
        {
            await _server.DisposeAsync();
            await _registry.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Bench.DisposeAsync();
            await StopServersAsync();
        }
    }
}
