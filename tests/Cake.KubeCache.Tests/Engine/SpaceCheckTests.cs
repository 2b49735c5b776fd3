using System.Security.Cryptography;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Engine;

public sealed class SpaceCheckTests : IAsyncDisposable
{
    private readonly FetchBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(3000, false)]
    [InlineData(2999, true)]
    public void Files_of_this_machine_count_together(long free, bool refused)
    {
        var plan = Lacking(Local("a", 1000), Local("b", 2000), TestArtifacts.File("unknown", 'e'));

        if (!refused)
        {
            Check(plan, free).ShouldBeNull();
            return;
        }

        var error = Should.Throw<KubeCacheException>(() => Check(plan, free));
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].What.ShouldContain("does not fit");
        error.Faults[0].Where!.File.ShouldBe(_bench.Store.Directory);
        error.Faults[0].Got.ShouldBe("2999 bytes free");
        error.Faults[0].Expected.ShouldBe("3000 bytes: b, a");
        error.Faults[0].Hint!.ShouldContain("--cache");
    }

    [Fact]
    public async Task The_size_of_another_version_only_warns()
    {
        await _bench.HadAsync("kubelet", 5000);
        var plan = Lacking(TestArtifacts.File("kubelet", 'd'), Local("a", 1000));

        Check(plan, 6000).ShouldBeNull();
        var warning = Check(plan, 5999);

        warning!.What.ShouldContain("may not fit");
        warning.Expected.ShouldBe("6000 bytes, by what the cache had last under these names: kubelet, a");
    }

    [Fact]
    public async Task The_size_of_the_very_content_counts_for_certain_less_what_was_downloaded_of_it()
    {
        var file = TestArtifacts.File("kubelet", 'd');
        await _bench.HadAsync(file.ContentKey, Entry(file, 5000));
        var unfinished = _bench.Store.Layout.Partial(TestArtifacts.DigestOf('d').Hex);
        Directory.CreateDirectory(Path.GetDirectoryName(unfinished)!);
        await File.WriteAllBytesAsync(unfinished, new byte[1500], TestContext.Current.CancellationToken);

        Check(Lacking(file), 3500).ShouldBeNull();
        Should.Throw<KubeCacheException>(() => Check(Lacking(file), 3499)).Faults[0].Expected.ShouldBe("3500 bytes: kubelet");
    }

    [Fact]
    public async Task A_file_without_a_checksum_that_is_not_locked_to_what_was_there_only_warns()
    {
        var file = TestArtifacts.File("kubelet") with { Checksum = null };
        await _bench.HadAsync(file.ContentKey, Entry(file, 5000));

        Check(Lacking(file), 10).ShouldNotBeNull();
        Should.Throw<KubeCacheException>(() => Check(Lacking(file with { Locked = TestArtifacts.DigestOf('d') }), 10));
    }

    [Fact]
    public void What_the_store_has_under_another_key_needs_no_room()
    {
        var content = new byte[100];
        var digest = _bench.Store.Put(content);

        Check(Lacking(Local("a", 1000) with { Checksum = new Checksum.Known(digest) }), 0).ShouldBeNull();
    }

    [Fact]
    public void What_is_cached_or_resolved_anew_and_a_disk_that_says_nothing_are_let_pass()
    {
        var file = Local("a", 1000);
        var stored = TestArtifacts.Stored(file);

        Check(new Plan { Artifacts = [new PlannedArtifact(file, FetchState.Cached, stored, [])], Nodes = [] }, 0).ShouldBeNull();
        Check(new Plan { Artifacts = [new PlannedArtifact(file, FetchState.Refresh, stored, [])], Nodes = [] }, 0).ShouldBeNull();
        Check(Lacking(file), null).ShouldBeNull();
    }

    [Fact]
    public async Task A_run_that_does_not_fit_ends_before_anybody_is_asked()
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, [1]));
        await using (var sparse = File.Create(_bench.Folder.At("large")))
        {
            // Takes no space itself.
            sparse.SetLength(FreeSpace.Of(_bench.Folder.Path)!.Value * 2);
        }

        var error = await Should.ThrowAsync<KubeCacheException>(() => RunAsync($$"""
            downloads:
              small: {enabled: true, file: true, url: "{{server.Url}}/small", checksum: "sha256:{{new string('0', 64)}}"}
              large: {enabled: true, file: true, url: "{{new Uri(_bench.Folder.At("large")).AbsoluteUri}}", checksum: "sha256:{{new string('1', 64)}}"}
            """));

        error.Faults[0].Expected!.ShouldEndWith(" bytes: large");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_may_not_fit_warns_and_goes_on()
    {
        var content = TestImage.Noise(1000, 7);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content));
        await _bench.HadAsync("tool", FreeSpace.Of(_bench.Folder.Path)!.Value * 2);

        var report = await RunAsync($$"""
            downloads:
              tool: {enabled: true, file: true, url: "{{server.Url}}/tool", checksum: "sha256:{{Convert.ToHexStringLower(SHA256.HashData(content))}}"}
            """);

        report.Succeeded.ShouldBeTrue();
        report.Warnings.ShouldContain(w => w.Contains("may not fit", StringComparison.Ordinal));
    }

    private async Task<RunReport> RunAsync(string catalogue)
    {
        _bench.Folder.Write("hosts.ini", "n1 ansible_connection=local\n");
        _bench.Folder.Write("catalogue.yml", catalogue);
        var settings = new KubeCacheSettings { Inventories = { _bench.Folder.At("hosts.ini") }, Catalogue = _bench.Folder.At("catalogue.yml"), Cache = _bench.Store.Directory };
        var parts = RunParts.Open(settings, RunScope.Fetch, new ListLog(), ClusterView.Load(settings, LockFile.None));
        await using var session = await RunSession.OpenAsync(parts, TestContext.Current.CancellationToken);
        return await session.CompleteAsync();
    }

    private FileArtifact Local(string name, int size)
    {
        var path = _bench.Folder.At(name);
        File.WriteAllBytes(path, new byte[size]);
        return TestArtifacts.File(name, name[0]) with { Url = new Uri(path).AbsoluteUri };
    }

    private static CacheEntry Entry(FileArtifact file, long size) => new()
    {
        Name = file.Name,
        Digest = TestArtifacts.DigestOf('d').ToString(),
        Size = size,
        Source = file.Url,
        FetchedAt = DateTimeOffset.UnixEpoch,
    };

    private static Plan Lacking(params Artifact[] artifacts) => new() { Artifacts = [.. artifacts.Select(a => new PlannedArtifact(a, FetchState.Missing, null, []))], Nodes = [] };

    private Fault? Check(Plan plan, long? free) => new SpaceCheck(new ExpectedSizes(_bench.Store), _bench.Store.Directory, free).Check(plan);
}
