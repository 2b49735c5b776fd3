using System.Security.Cryptography;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Tests.Sources;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Engine;

/// <summary>A range, a file without a checksum and a tag, from a real server and registry.</summary>
public sealed class LockTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ListLog _log = new();
    private byte[] _file = "first"u8.ToArray();
    private LoopbackServer _server = null!;
    private LoopbackRegistry _registry = null!;

    private string LockFilePath => _folder.At("inventory", LockFile.DefaultName);

    public async ValueTask InitializeAsync()
    {
        _server = await LoopbackServer.StartAsync(context => LoopbackRegistry.WriteAsync(context, _file));
        _registry = await LoopbackRegistry.StartAsync();
        _registry.Push("team/app", "v1", TestImage.Make(["one"]));
        _folder.Write("inventory/hosts.ini", "n1 ansible_connection=local tool_version='1.*'\n");
        WriteCatalogue("1.0.0", "1.1.0");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Writes_what_the_inventory_leaves_open()
    {
        (await RunAsync(RunScope.Lock)).Succeeded.ShouldBeTrue();

        var written = LockFile.Read(LockFilePath);
        written.Versions.ShouldBe(new Dictionary<string, string> { ["tool_version"] = "1.1.0" });
        written.Files.ShouldBe(new Dictionary<string, Digest> { [_server.Url + "/tool-1.1.0"] = Sha256(_file) });
        written.Images.ShouldBe(new Dictionary<string, Digest> { [$"{_registry.Host}/team/app:v1"] = TestImage.Make(["one"]).Manifest });
        written.Serialize().ShouldBe(File.ReadAllBytes(LockFilePath));
        (await PlanAsync()).ToFetch.ShouldBe(0);
    }

    [Fact]
    public async Task Writes_the_same_file_when_nothing_changed()
    {
        await RunAsync(RunScope.Lock);
        var first = File.ReadAllText(LockFilePath);
        DropCache();

        await RunAsync(RunScope.Lock);

        File.ReadAllText(LockFilePath).ShouldBe(first);
    }

    [Fact]
    public async Task Keeps_the_locked_version_of_a_range_until_it_is_locked_anew()
    {
        await RunAsync(RunScope.Lock);
        WriteCatalogue("1.0.0", "1.1.0", "1.2.0");

        (await PlanAsync()).Artifacts.ShouldContain(a => a.Artifact.Title == "tool-1.1.0");
        await RunAsync(RunScope.Lock);

        LockFile.Read(LockFilePath).Versions["tool_version"].ShouldBe("1.2.0");
        (await PlanAsync()).Artifacts.ShouldContain(a => a.Artifact.Title == "tool-1.2.0");
    }

    [Fact]
    public async Task Fetches_a_file_without_a_checksum_that_the_lock_file_knows()
    {
        await RunAsync(RunScope.Lock);
        DropCache();

        (await RunAsync(RunScope.Fetch)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_file_without_a_checksum_that_nobody_locked()
    {
        var report = await RunAsync(RunScope.Fetch);

        Error(report, "tool").ShouldContain("--target=Lock");
    }

    [Fact]
    public async Task Refuses_a_file_that_is_not_what_was_locked_and_names_both()
    {
        await RunAsync(RunScope.Lock);
        DropCache();
        var before = Sha256(_file);
        _file = "second"u8.ToArray();

        var error = Error(await RunAsync(RunScope.Fetch), "tool");

        error.ShouldContain(before.ToString());
        error.ShouldContain(Sha256(_file).ToString());
        error.ShouldContain("--target=Lock");
    }

    [Fact]
    public async Task Refuses_a_tag_that_moved_since_it_was_locked_and_names_both()
    {
        await RunAsync(RunScope.Lock);
        DropCache();
        var (before, after) = (TestImage.Make(["one"]), TestImage.Make(["two"]));
        _registry.Push("team/app", "v1", after);

        var error = Error(await RunAsync(RunScope.Fetch), "app");

        error.ShouldContain(before.Manifest.ToString());
        error.ShouldContain(after.Manifest.ToString());
        error.ShouldContain("--target=Lock");
    }

    [Fact]
    public async Task Refuses_what_the_cache_has_where_the_lock_file_says_something_that_the_tag_is_not()
    {
        await RunAsync(RunScope.Lock);
        var (ours, theirs) = (TestImage.Make(["one"]).Manifest, TestImage.Make(["two"]).Manifest);
        File.WriteAllText(LockFilePath, File.ReadAllText(LockFilePath).Replace(ours.ToString(), theirs.ToString(), StringComparison.Ordinal));

        Error(await RunAsync(RunScope.Fetch), "app").ShouldContain(theirs.ToString());
    }

    [Fact]
    public async Task Fetches_here_what_is_left_to_the_nodes_otherwise()
    {
        (await RunAsync(RunScope.Lock, sets: "download_run_once=false")).Succeeded.ShouldBeTrue();

        LockFile.Read(LockFilePath).Images.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Fetches_anew_what_the_cache_has_otherwise_than_the_lock_file_says()
    {
        await RunAsync(RunScope.Lock);
        var theirs = TestImage.Make(["two"]);
        _registry.Push("team/app", "v1", theirs);
        File.WriteAllText(LockFilePath, File.ReadAllText(LockFilePath).Replace(TestImage.Make(["one"]).Manifest.ToString(), theirs.Manifest.ToString(), StringComparison.Ordinal));

        (await PlanAsync()).Artifacts.Single(a => a.Artifact.Name == "app").State.ShouldBe(FetchState.Refresh);
        (await RunAsync(RunScope.Fetch)).Succeeded.ShouldBeTrue();

        (await PlanAsync()).Artifacts.Single(a => a.Artifact.Name == "app").Stored!.Digest.ShouldBe(theirs.Manifest);
    }

    [Fact]
    public async Task Refreshing_writes_the_lock_file_that_is_there_anew()
    {
        await RunAsync(RunScope.Lock);
        _file = "second"u8.ToArray();

        (await RunAsync(RunScope.Fetch, refresh: true)).Succeeded.ShouldBeFalse("nothing says that a file without a checksum may be taken");
        (await RunAsync(RunScope.Fetch, refresh: true, "kubecache_allow_unverified=true")).Succeeded.ShouldBeTrue();

        LockFile.Read(LockFilePath).Files.Values.ShouldBe([Sha256(_file)]);
    }

    [Fact]
    public async Task Leaves_the_lock_file_alone_when_something_could_not_be_fetched()
    {
        await RunAsync(RunScope.Lock);
        var before = File.ReadAllText(LockFilePath);
        _file = "second"u8.ToArray();
        await _registry.DisposeAsync();

        (await RunAsync(RunScope.Lock)).Succeeded.ShouldBeFalse();

        File.ReadAllText(LockFilePath).ShouldBe(before);
    }

    [Fact]
    public async Task Is_no_inventory()
    {
        await RunAsync(RunScope.Lock);
        var settings = new KubeCacheSettings { Inventories = { _folder.At("inventory") }, Catalogue = _folder.At("catalogue.yml") };

        ClusterView.Load(settings, LockFile.Read(LockFile.PathOf(settings))).Hosts.Select(h => h.Name).ShouldBe(["n1"]);
        LockFile.PathOf(settings).ShouldBe(LockFilePath);
    }

    [Theory]
    [InlineData("schema: 2\n", ":1", "schema: 1")]
    [InlineData("schema: 1\nfiles:\n  http://a/b: sha256:12\n", ":3", "a digest")]
    [InlineData("schema: 1\nimages: [a]\n", ":2", "a mapping")]
    public void Says_where_a_lock_file_is_wrong(string text, string line, string expected)
    {
        var path = _folder.Write("inventory/" + LockFile.DefaultName, text);

        var message = Should.Throw<KubeCacheException>(() => LockFile.Read(path)).Message;

        message.ShouldContain(path + line);
        message.ShouldContain(expected);
    }

    private static Digest Sha256(byte[] bytes) => Digest.Sha256(SHA256.HashData(bytes));

    private static string Error(RunReport report, string artifact) => report.Artifacts.Single(a => a.Artifact == artifact).Error.ShouldNotBeNull();

    private void DropCache() => Directory.Delete(_folder.At("cache"), recursive: true);

    private void WriteCatalogue(params string[] versions) => _folder.Write("catalogue.yml", $$$"""
        tool_checksums:
        {{{string.Concat(versions.Select(v => $"  {v}: sha256:{new string('0', 64)}\n"))}}}
        tool_checksum: "{{ tool_checksums[tool_version] }}"
        kubecache_registries: [{registry: "{{{_registry.Host}}}", plain_http: true}]
        download_retries: 1
        downloads:
          tool: {enabled: true, file: true, url: "{{{_server.Url}}}/tool-{{ tool_version }}", dest: /opt/tool}
          app: {enabled: true, container: true, repo: "{{{_registry.Host}}}/team/app", tag: v1}
        """);

    private KubeCacheSettings Settings(bool refresh, string[] sets)
    {
        var settings = new KubeCacheSettings { Inventories = { _folder.At("inventory/hosts.ini") }, Catalogue = _folder.At("catalogue.yml"), Cache = _folder.At("cache"), Refresh = refresh };
        sets.ToList().ForEach(settings.Variables.Add);
        return settings;
    }

    private RunParts Open(RunScope scope, bool refresh, string[] sets)
    {
        var settings = Settings(refresh, sets);
        var locked = scope.Locks || refresh ? LockFile.None : LockFile.Read(LockFile.PathOf(settings));
        return RunParts.Open(settings, scope, _log, ClusterView.Load(settings, locked));
    }

    private async Task<Plan> PlanAsync()
    {
        await using var parts = Open(RunScope.Plan, refresh: false, []);
        return parts.Plan(parts.Remembered());
    }

    private async Task<RunReport> RunAsync(RunScope scope, bool refresh = false, params string[] sets)
    {
        await using var session = await RunSession.OpenAsync(Open(scope, refresh, sets), TestContext.Current.CancellationToken);
        return await session.CompleteAsync();
    }
}
