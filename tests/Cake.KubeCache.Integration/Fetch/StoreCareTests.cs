using System.Security.Cryptography;
using Cake.KubeCache.Integration.Provisioning;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>Verify, Prune and Status of the store as people call them, by the build host.</summary>
public sealed class StoreCareTests
{
    [Fact]
    public async Task Verify_names_the_owner_of_bad_content_and_repair_brings_back_what_the_tag_was_even_when_it_moved()
    {
        await using var world = await World.StartAsync();
        (await world.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        var layer = world.Images[1].Layers[1];
        Damage(world.Layout.Blob(layer));
        Damage(world.Layout.Blob(world.Files[1]));

        var found = await world.RunAsync("--target=Verify");
        world.Registry.Push("team/app", "r1", TestImage.Make(["moved"]));
        var repaired = await world.RunAsync("--target=Verify", "--repair");
        var again = await world.RunAsync("--target=Verify");

        found.ExitCode.ShouldBe(1, found.Everything);
        found.Everything.ShouldContain($"app: {layer} in the cache is damaged");
        found.Everything.ShouldContain($"tool: {world.Files[1]} in the cache is damaged");
        found.Everything.ShouldContain("--repair");
        repaired.ExitCode.ShouldBe(0, repaired.Everything);
        StoreFiles.Quarantined(world.Layout).Select(f => f.Name).ShouldBe(new[] { layer.Hex, world.Files[1].Hex }, ignoreOrder: true);
        again.ExitCode.ShouldBe(0, again.Everything);
        world.Stored("app").ShouldBe([world.Images[1].Manifest.ToString()]);
    }

    [Fact]
    public async Task Repair_brings_back_what_only_an_earlier_plan_names_and_what_no_artifact_owns()
    {
        await using var world = await World.StartAsync();
        (await world.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        (await world.RunAsync("--target=Fetch", "--set=release=r2")).ExitCode.ShouldBe(0);

        // The OCI manifest that stands for a Docker image is derived: nobody serves it.
        var twin = StoreFiles.Blobs(world.Layout).Select(b => b.Digest).Single(d => !world.Known.Contains(d) && File.ReadAllText(world.Layout.Blob(d)).Contains(world.Images[1].Layers[1].ToString(), StringComparison.Ordinal));
        Damage(world.Layout.Blob(twin));
        Damage(world.Layout.Blob(world.Files[1]));

        var repaired = await world.RunAsync("--target=Verify", "--repair", "--set=release=r2");
        var again = await world.RunAsync("--target=Verify", "--set=release=r2");

        repaired.ExitCode.ShouldBe(0, repaired.Everything);
        again.ExitCode.ShouldBe(0, again.Everything);
        File.Exists(world.Layout.Blob(world.Files[1])).ShouldBeTrue();
        File.Exists(world.Layout.Blob(twin)).ShouldBeTrue();
    }

    [Fact]
    public async Task Repair_fails_and_says_why_when_the_content_cannot_be_had_again()
    {
        await using var world = await World.StartAsync();
        (await world.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        (await world.RunAsync("--target=Fetch", "--set=release=r2")).ExitCode.ShouldBe(0);
        Damage(world.Layout.Blob(world.Files[1]));
        world.Gone = "/tool-r1";

        var repaired = await world.RunAsync("--target=Verify", "--repair", "--set=release=r2");

        repaired.ExitCode.ShouldBe(1, repaired.Everything);
        repaired.Everything.ShouldContain($"tool: {world.Files[1]} in the cache is damaged");
        repaired.Everything.ShouldContain("HTTP 404");
        repaired.Everything.ShouldContain("/tool-r1");
        File.Exists(world.Layout.Blob(world.Files[1])).ShouldBeFalse();
    }

    [Fact]
    public async Task Prune_says_first_what_and_how_much_and_keeps_the_last_plans()
    {
        await using var world = await World.StartAsync();
        foreach (var version in new[] { 1, 2, 3 })
        {
            (await world.RunAsync("--target=Fetch", $"--set=release=r{version}")).ExitCode.ShouldBe(0);
        }

        var before = File.ReadAllText(world.Layout.Manifest);
        var dry = await world.RunAsync("--target=Prune", "--keep=2", "--dryrun", "--set=release=r3");
        var untouched = File.ReadAllText(world.Layout.Manifest) == before && File.Exists(world.Layout.Blob(world.Files[1]));
        var pruned = await world.RunAsync("--target=Prune", "--keep=2", "--set=release=r3");

        dry.ExitCode.ShouldBe(0, dry.Everything);
        dry.Everything.ShouldMatch(@"prune: 2 artifacts, \d+ blobs, 0 leftovers, \d[^\n]*B would become free");
        dry.Everything.ShouldMatch($"prune: [^\n]*{world.Files[1].Hex}");
        untouched.ShouldBeTrue();
        pruned.ExitCode.ShouldBe(0, pruned.Everything);
        new[] { 1, 2, 3 }.Select(v => File.Exists(world.Layout.Blob(world.Files[v]))).ShouldBe([false, true, true]);
        new[] { 1, 2, 3 }.Select(v => File.Exists(world.Layout.Blob(world.Images[v].Layers[1]))).ShouldBe([false, true, true]);
        File.Exists(world.Layout.Blob(world.Images[1].Layers[0])).ShouldBeTrue("the others share it");
        (await world.RunAsync("--target=Verify", "--set=release=r3")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Status_tells_size_count_sharing_and_age()
    {
        await using var world = await World.StartAsync();
        (await world.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        (await world.RunAsync("--target=Fetch", "--set=release=r2")).ExitCode.ShouldBe(0);

        var status = await world.RunAsync("--target=Status");

        status.Everything.ShouldMatch($@"cache {world.Cache}: 2 files, 2 images, \d[\d.]* [kM]?B in \d+ blobs, 1\.\d times shared, last fetched \d{{4}}-\d\d-\d\d \d\d:\d\d, \d[\d.]* [kMGT]B free");
    }

    [Fact]
    public async Task A_cache_of_a_newer_version_ends_every_verb_with_2_and_is_left_alone()
    {
        await using var world = await World.StartAsync();
        Directory.CreateDirectory(world.Cache);
        const string Newer = """{"schemaVersion": 99}""";
        await File.WriteAllTextAsync(world.Layout.Manifest, Newer, TestContext.Current.CancellationToken);

        foreach (var target in new[] { "Fetch", "Verify", "Prune" })
        {
            var run = await world.RunAsync($"--target={target}");

            run.ExitCode.ShouldBe(2, run.Everything);
            run.Everything.ShouldContain("newer version");
            run.Everything.ShouldContain("--cache");
        }

        (await File.ReadAllTextAsync(world.Layout.Manifest, TestContext.Current.CancellationToken)).ShouldBe(Newer);
        Directory.Exists(world.Layout.Blobs).ShouldBeFalse();
    }

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A file and an image in three versions, a server and a registry that have them, and a cluster of one local node that wants one version.</summary>
    private sealed class World : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Dictionary<string, byte[]> _served = [];
        private LoopbackServer _server = null!;

        public LoopbackRegistry Registry { get; private set; } = null!;

        public Dictionary<int, Digest> Files { get; } = [];

        public Dictionary<int, TestImage> Images { get; } = [];

        /// <summary>Everything that servers have.</summary>
        public HashSet<Digest> Known { get; } = [];

        /// <summary>The path that the server does not know any more.</summary>
        public string Gone { get; set; } = "";

        public string Cache => _folder.At("cache");

        public StoreLayout Layout => new(Cache);

        public static async Task<World> StartAsync()
        {
            var world = new World { Registry = await LoopbackRegistry.StartAsync() };
            world._server = await LoopbackServer.StartAsync(async c =>
            {
                if (c.Request.Path == world.Gone || !world._served.TryGetValue(c.Request.Path, out var content))
                {
                    c.Response.StatusCode = 404;
                    return;
                }

                await LoopbackRegistry.WriteAsync(c, content);
            });
            foreach (var version in new[] { 1, 2, 3 })
            {
                var content = TestImage.Noise(50_000, version);
                world._served[$"/tool-r{version}"] = content;
                world.Files[version] = Digest.Sha256(SHA256.HashData(content));
                world.Images[version] = TestImage.Make(["shared", $"own {version}"], docker: true, padding: 30_000);
                world.Known.UnionWith([world.Files[version], .. world.Images[version].Blobs.Keys]);
                world.Registry.Push("team/app", $"r{version}", world.Images[version]);
            }

            world.Write();
            return world;
        }

        public Task<ProgramResult> RunAsync(params string[] arguments) => BuildHostProgram.RunAsync(
            [$"--inventory={_folder.At("inventory", "hosts.ini")}", $"--catalogue={_folder.At("catalogue")}", $"--cache={Cache}", .. arguments]);

        /// <summary>The digests of what the cache has of an item.</summary>
        public IEnumerable<string> Stored(string name)
        {
            using var store = ContentStore.Open(Cache);
            return [.. store.Manifest.Artifacts.Values.Where(a => a.Name == name).Select(a => a.Digest)];
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            await Registry.DisposeAsync();
            _folder.Dispose();
        }

        private void Write()
        {
            _folder.Write("catalogue/downloads.yml", $$$"""
                release: r1
                sums:
                  r1: {{{Files[1].Hex}}}
                  r2: {{{Files[2].Hex}}}
                  r3: {{{Files[3].Hex}}}
                downloads:
                  tool:
                    enabled: true
                    file: true
                    url: "{{{_server.Url}}}/tool-{{ release }}"
                    checksum: "sha256:{{ sums[release] }}"
                    dest: "{{{_folder.At("node", "tool")}}}"
                    groups: [k8s_cluster]
                  app:
                    enabled: true
                    container: true
                    repo: "{{{Registry.Host}}}/team/app"
                    tag: "{{ release }}"
                    groups: [k8s_cluster]
                """);
            _folder.Write("inventory/hosts.ini", "[kube_node]\nn1 ansible_connection=local container_manager=containerd\n[k8s_cluster:children]\nkube_node\n");
            _folder.Write("inventory/group_vars/all.yml", $"download_retries: 1\nkubecache_registries:\n  - registry: {Registry.Host}\n    plain_http: true\n");
        }
    }
}
