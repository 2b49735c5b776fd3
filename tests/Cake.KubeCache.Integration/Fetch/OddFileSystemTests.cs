using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>
/// File systems that lock or rename as network file systems may: a library that is loaded before libc's functions makes them fail in
/// a fetching process as they would there.
/// </summary>
public sealed class OddFileSystemTests
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        static int is(const char *mode) { const char *m = getenv("ODD"); return m && !strcmp(m, mode); }

        int flock(int fd, int operation) {
            if (is("ENOLCK")) { errno = ENOLCK; return -1; }
            if (is("EOPNOTSUPP")) { errno = EOPNOTSUPP; return -1; }
            int (*real)(int, int) = dlsym(RTLD_NEXT, "flock");
            return real(fd, operation);
        }

        int rename(const char *from, const char *to) {
            int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
            static int times = 0;
            if (strstr(from, "/partial/") && strstr(to, "/blobs/")) {
                times++;
                if (is("stale once") && times == 1) { errno = ESTALE; return -1; }
                if (is("stale for ever")) { errno = ESTALE; return -1; }
                if (is("answer lost") && times == 1) { real(from, to); errno = ENOENT; return -1; }
                if (is("target busy") && times == 1) { link(from, to); errno = EACCES; return -1; }
            }
            return real(from, to);
        }
        """;

    private static readonly byte[] Content = TestImage.Noise(300_000, 71);

    [Theory]
    [InlineData("ENOLCK")]
    [InlineData("EOPNOTSUPP")]
    public async Task A_file_system_that_does_not_lock_is_refused_with_what_to_do(string error)
    {
        using var folder = new TemporaryFolder();
        var (whole, said, store) = await RunAsync(folder, error);

        whole.ShouldBeFalse();
        said.ShouldContain("does not lock files");
        said.ShouldContain("--cache");
        store.Snapshot().Artifacts.ShouldBeEmpty();
        store.Dispose();
    }

    [Theory]
    [InlineData("stale once")]
    [InlineData("answer lost")]
    [InlineData("target busy")]
    public async Task A_rename_that_is_odd_but_done_or_doable_ends_well(string odd)
    {
        using var folder = new TemporaryFolder();
        var (whole, said, store) = await RunAsync(folder, odd);

        whole.ShouldBeTrue(said);
        store.Snapshot().Artifacts.Count.ShouldBe(1);
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
        Directory.GetFiles(store.Layout.Partials).ShouldBeEmpty();
        store.Dispose();
    }

    [Fact]
    public async Task A_rename_that_never_works_is_told_and_the_next_run_downloads_nothing_again()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        var (whole, said, store) = await RunAsync(folder, "stale for ever", server);
        await using var fetcher = new Fetcher(store, FetchBench.Plain());

        var outcome = await fetcher.FetchAsync(FetchBench.File(server.Url + "/x", Content, "sha512"), NoProgress.Instance, TestContext.Current.CancellationToken);

        whole.ShouldBeFalse();
        said.ShouldContain("could not be written to the cache");
        outcome.BytesReceived.ShouldBe(0);
        server.Requests.Count.ShouldBe(1);
        store.Dispose();
    }

    private static async Task<(bool Whole, string Said, ContentStore Store)> RunAsync(TemporaryFolder folder, string odd)
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        return await RunAsync(folder, odd, server);
    }

    private static async Task<(bool Whole, string Said, ContentStore Store)> RunAsync(TemporaryFolder folder, string odd, LoopbackServer server)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libraries are put before others by LD_PRELOAD");
        Daemon.Need("cc");
        await File.WriteAllTextAsync(folder.At("odd.c"), Source, TestContext.Current.CancellationToken);
        var (code, output) = await Daemon.RunAsync("cc", "-shared", "-fPIC", "-o", folder.At("odd.so"), folder.At("odd.c"), "-ldl");
        code.ShouldBe(0, output);
        var plan = new FetchPlan(folder.At("cache"), "none.invalid", new() { [server.Url + "/x"] = "sha512:" + Convert.ToHexStringLower(SHA512.HashData(Content)) }, []);
        using var process = FetchProcess.Start(plan, new Dictionary<string, string> { ["LD_PRELOAD"] = folder.At("odd.so"), ["ODD"] = odd });
        return (await process.EndAsync(), process.Said, ContentStore.Open(plan.Cache));
    }
}
