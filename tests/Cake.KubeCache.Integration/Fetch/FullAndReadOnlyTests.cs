using System.Runtime.Versioning;
using Cake.KubeCache.Integration.Provisioning;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>Disks that are full or cannot be written, by real mounts.</summary>
[SupportedOSPlatform("linux")]
public sealed class FullAndReadOnlyTests
{
    private static readonly byte[] Content = TestImage.Noise(3_000_000, 51);

    [Fact]
    public async Task A_disk_that_fills_up_is_told_and_the_download_goes_on_when_there_is_room()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache"), "2m");

        // Without a length, so that the space cannot be checked beforehand.
        await using var server = await LoopbackServer.StartAsync(c => c.Request.Headers.Range.Count > 0 ? LoopbackRegistry.WriteAsync(c, Content) : c.Response.Body.WriteAsync(Content).AsTask());
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain());
        var file = FetchBench.File(server.Url + "/x", Content);

        var error = await Should.ThrowAsync<KubeCacheException>(() => fetcher.FetchAsync(file, NoProgress.Instance, TestContext.Current.CancellationToken));
        await Daemon.RunAsync("mount", "-o", "remount,size=10m", folder.At("cache"));
        var outcome = await fetcher.FetchAsync(file, NoProgress.Instance, TestContext.Current.CancellationToken);

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("is full");
        outcome.BytesReceived.ShouldBeLessThan(Content.Length);
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_before_it_is_downloaded()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache"), "2m");
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain());

        var error = await Should.ThrowAsync<KubeCacheException>(() => fetcher.FetchAsync(FetchBench.File(server.Url + "/x", Content), NoProgress.Instance, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("does not fit");
        Directory.GetFiles(store.Layout.Partials).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_files_that_fit_alone_but_not_together_one_is_refused_and_the_disk_never_fills()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache"), "4m");
        var (both, refused, heard) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        byte[][] contents = [TestImage.Noise(2_500_000, 52), TestImage.Noise(2_500_000, 53)];
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            var content = contents[c.Request.Path == "/0" ? 0 : 1];
            c.Response.ContentLength = content.Length;
            await c.Response.StartAsync();
            if (Interlocked.Increment(ref heard) == 2)
            {
                both.SetResult();
            }

            // Neither body goes on before both have begun, and one of the two is given up for that (or for long is not).
            await using var gone = c.RequestAborted.Register(() => refused.TrySetResult());
            await both.Task;
            await c.Response.Body.WriteAsync(content.AsMemory(0, 1), c.RequestAborted);
            await Task.WhenAny(refused.Task, Task.Delay(TimeSpan.FromSeconds(20)));
            await c.Response.Body.WriteAsync(content.AsMemory(1), c.RequestAborted);
        });
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain());

        var fetches = contents.Select((content, i) => fetcher.FetchAsync(FetchBench.File($"{server.Url}/{i}", content), NoProgress.Instance, TestContext.Current.CancellationToken)).ToList();
        await ((Task)Task.WhenAll(fetches)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        fetches.Count(f => f.IsCompletedSuccessfully).ShouldBe(1);
        var error = fetches.Single(f => f.IsFaulted).Exception!.InnerException.ShouldBeOfType<KubeCacheException>();
        error.Message.ShouldContain("does not fit");
        error.Message.ShouldContain("for downloads under way");
    }

    [Fact]
    public async Task An_image_that_does_not_fit_is_refused_before_any_of_its_blobs_is_asked_for()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache"), "2m");
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("app", "v1", TestImage.Make(["a", "b", "c"], padding: 1_000_000));
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => fetcher.FetchAsync(FetchBench.Image(reference), NoProgress.Instance, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("does not fit");
        registry.BlobRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_that_does_not_fit_is_refused_before_anybody_is_asked()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache"), "4m");
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content));
        folder.Write("catalogue/downloads.yml", $$$"""
            downloads:
              remote: {enabled: true, file: true, url: "{{{server.Url}}}/x", checksum: "sha256:{{{sum}}}", groups: [kube_node]}
              one: {enabled: "{{ local | default(true) | bool }}", file: true, url: "{{{new Uri(folder.At("one")).AbsoluteUri}}}", checksum: "sha256:{{{new string('1', 64)}}}", groups: [kube_node]}
              two: {enabled: "{{ local | default(true) | bool }}", file: true, url: "{{{new Uri(folder.At("two")).AbsoluteUri}}}", checksum: "sha256:{{{new string('2', 64)}}}", groups: [kube_node]}
            """);
        await File.WriteAllBytesAsync(folder.At("one"), Content, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.At("two"), Content, TestContext.Current.CancellationToken);
        folder.Write("inventory/hosts.ini", "[kube_node]\nn1 ansible_connection=local container_manager=containerd\n");
        string[] arguments = ["--target=Fetch", $"--inventory={folder.At("inventory", "hosts.ini")}", $"--catalogue={folder.At("catalogue")}", $"--cache={folder.At("cache")}"];

        var refused = await BuildHostProgram.RunAsync(arguments);
        var asked = server.Requests.Count;
        var fits = await BuildHostProgram.RunAsync(["--set=local=false", .. arguments]);

        refused.ExitCode.ShouldBe(1, refused.Everything);
        refused.Everything.ShouldContain("does not fit on the cache's disk");
        refused.Everything.ShouldContain("6000000 bytes: one, two");
        asked.ShouldBe(0);
        fits.ExitCode.ShouldBe(0, fits.Everything);
    }

    [Fact]
    public async Task Blobs_may_lie_on_a_file_system_of_their_own()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var mount = await Mount.TmpfsAsync(folder.At("cache", "blobs"), "20m");
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain());

        await fetcher.FetchAsync(FetchBench.File(server.Url + "/x", Content), NoProgress.Instance, TestContext.Current.CancellationToken);
        File.Delete(store.Layout.Manifest);
        await fetcher.FetchAsync(FetchBench.File(server.Url + "/x", Content, "sha512"), NoProgress.Instance, TestContext.Current.CancellationToken);

        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
        Directory.GetFiles(store.Layout.Blobs).ShouldAllBe(f => Path.GetFileName(f).Length == 64);
        Directory.GetFiles(store.Layout.Partials).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_only_cache_serves_what_it_has_and_says_so_when_it_must_fetch()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        var file = FetchBench.File(server.Url + "/x", Content);
        Directory.CreateDirectory(folder.At("cache"));
        using (var writable = ContentStore.Open(folder.At("cache")))
        {
            await using var filler = new Fetcher(writable, FetchBench.Plain());
            await filler.FetchAsync(file, NoProgress.Instance, TestContext.Current.CancellationToken);
        }

        await using var mount = await Mount.ReadOnlyAsync(folder.At("cache"));
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain());

        var there = await fetcher.FetchAsync(file, NoProgress.Instance, TestContext.Current.CancellationToken);
        using var content = store.OpenRead(there.Stored.Digest);
        var error = await Should.ThrowAsync<KubeCacheException>(() => fetcher.FetchAsync(FetchBench.File(server.Url + "/y", [1]), NoProgress.Instance, TestContext.Current.CancellationToken));

        there.AlreadyThere.ShouldBeTrue();
        content.Length.ShouldBe(Content.Length);
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("read-only");
    }

    [Fact]
    public async Task A_read_only_cache_is_enough_for_every_run_that_has_nothing_to_fetch()
    {
        NeedMounts();
        using var folder = new TemporaryFolder();
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        folder.Write("catalogue/downloads.yml", $$$"""
            path: x
            downloads:
              tool: {enabled: true, file: true, url: "{{{server.Url}}}/{{ path }}", checksum: "sha256:{{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content))}}}", dest: /tmp/tool, groups: [kube_node]}
              more: {enabled: "{{ also | default(false) | bool }}", file: true, url: "{{{server.Url}}}/more", checksum: "sha256:{{{new string('0', 64)}}}", dest: /tmp/more, groups: [kube_node]}
            """);
        folder.Write("inventory/hosts.ini", "[kube_node]\nn1 ansible_connection=local container_manager=containerd\n");
        string[] arguments = [$"--inventory={folder.At("inventory", "hosts.ini")}", $"--catalogue={folder.At("catalogue")}", $"--cache={folder.At("cache")}"];
        (await BuildHostProgram.RunAsync(["--target=Fetch", .. arguments])).ExitCode.ShouldBe(0);
        await using var mount = await Mount.ReadOnlyAsync(folder.At("cache"));

        foreach (var target in new[] { "Plan", "Fetch", "Verify" })
        {
            var run = await BuildHostProgram.RunAsync([$"--target={target}", .. arguments]);
            run.ExitCode.ShouldBe(0, run.Everything);
        }

        var missing = await BuildHostProgram.RunAsync(["--target=Fetch", "--set=also=true", .. arguments]);

        missing.ExitCode.ShouldBe(1, missing.Everything);
        missing.Everything.ShouldContain("read-only");
        server.Requests.Count.ShouldBe(1);
    }

    private static void NeedMounts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting needs root on Linux");
        Daemon.Need("mount", "umount");
    }

    private sealed class Mount(string path) : IAsyncDisposable
    {
        public static async Task<Mount> TmpfsAsync(string path, string size)
        {
            Directory.CreateDirectory(path);
            return await RunAsync(path, "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        }

        public static async Task<Mount> ReadOnlyAsync(string path)
        {
            var mount = await RunAsync(path, "--bind", path, path);
            await RunAsync(path, "-o", "remount,bind,ro", path);
            return mount;
        }

        public async ValueTask DisposeAsync() => await Daemon.RunAsync("umount", "-l", path);

        private static async Task<Mount> RunAsync(string path, params string[] arguments)
        {
            var (code, output) = await Daemon.RunAsync("mount", arguments);
            Assert.SkipWhen(code != 0, $"mount is not allowed here: {output}");
            return new Mount(path);
        }
    }
}
