using Cake.KubeCache.Integration.Lab;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>Who downloads: the delegate for all, or every node for itself; with curl or wget on the nodes, from a real nginx and registry.</summary>
[Collection(LabCollection.Name)]
public sealed class ModeTests(LabFixture lab)
{
    [Fact]
    public async Task The_delegate_downloads_once_for_all()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        await CountAsync(2, "curl");
        try
        {
            string[] mode = ["--set=kubecache_delivery=delegate", "--set=download_delegate=n2"];

            var first = await cluster.RunAsync(["--target=Provision", .. mode]);

            first.ExitCode.ShouldBe(0, first.Everything);
            cluster.States().ShouldBe(["n1 done", "n2 done", "n3 done"]);
            // Two files, and of the image its manifest, config and two layers at least.
            var calls = await CallsAsync(2);
            calls.ShouldBeGreaterThanOrEqualTo(6);
            (await lab.OnAsync(3, $"stat -c '%a %U %s' {cluster.ToolPath}")).ShouldStartWith("755 root 200000");
            (await lab.OnAsync(1, "ctr -n k8s.io images check")).ShouldContain($"{cluster.Repository}:1.0");
            cluster.Stored.Count().ShouldBe(3);

            var second = await cluster.RunAsync(["--target=Provision", .. mode]);
            second.ExitCode.ShouldBe(0, second.Everything);
            cluster.Report.GetProperty("upToDate").GetBoolean().ShouldBeTrue(second.Everything);
            (await CallsAsync(2)).ShouldBe(calls);
        }
        finally
        {
            await lab.OnAsync(2, "rm -f /usr/local/bin/curl /tmp/calls");
        }
    }

    [Fact]
    public async Task A_delegate_that_is_no_host_is_an_error_before_any_work()
    {
        await using var cluster = await Cluster.StartAsync(lab);

        var run = await cluster.RunAsync("--target=Provision", "--set=kubecache_delivery=delegate", "--set=download_delegate=elsewhere");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldContain("the delegate that downloads for n1, n2, n3 is no host of this run");
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    public async Task Every_node_downloads_for_itself_and_the_cache_stays_empty(string tool)
    {
        await using var cluster = await Cluster.StartAsync(lab);
        if (tool == "wget")
        {
            await WithoutCurlAsync();
        }

        try
        {
            string[] mode = ["--set=download_run_once=false"];

            var first = await cluster.RunAsync(["--target=Provision", .. mode]);

            first.ExitCode.ShouldBe(0, first.Everything);
            cluster.States().ShouldBe(["n1 done", "n2 done", "n3 done"]);
            cluster.Report.GetProperty("bytesReceived").GetInt64().ShouldBe(0);
            // Manifests, configs and archive members, no content.
            cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeLessThan(60_000);
            cluster.Report.GetProperty("bytesDownloadedByNodes").GetInt64().ShouldBeInRange(3 * 800_000, 3 * 1_300_000);
            foreach (var number in new[] { 1, 2, 3 })
            {
                (await lab.OnAsync(number, $"stat -c '%a %U %s' {cluster.ToolPath}; ls {cluster.ReleaseDirectory}/tool-1.0")).ShouldStartWith("755 root 200000");
                (await lab.OnAsync(number, $"ls -A {cluster.ReleaseDirectory}/.kubecache/spool")).Trim().ShouldBe("");
            }

            (await lab.OnAsync(1, "ctr -n k8s.io images check")).ShouldContain($"{cluster.Repository}:1.0");
            (await lab.OnAsync(2, "docker images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");
            (await lab.OnAsync(3, "podman images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");

            var second = await cluster.RunAsync(["--target=Provision", .. mode]);
            second.ExitCode.ShouldBe(0, second.Everything);
            cluster.Report.GetProperty("upToDate").GetBoolean().ShouldBeTrue(second.Everything);

            var upgrade = await cluster.RunAsync(["--target=Provision", "--set=app_version=2.0", "--set=tool_version=2.0", .. mode]);
            upgrade.ExitCode.ShouldBe(0, upgrade.Everything);
            // One file of 210 kB and the top layer of 300 kB: the nodes have the rest.
            cluster.Report.GetProperty("bytesDownloadedByNodes").GetInt64().ShouldBeInRange(3 * 510_000, 3 * 540_000);
        }
        finally
        {
            await WithCurlAsync();
        }
    }

    [Fact]
    public async Task With_force_cache_the_cache_serves_first_and_misses_come_back_to_it()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        string[] mode = ["--set=download_run_once=false", "--set=download_force_cache=true", "--set=download_keep_remote_cache=true"];
        (await cluster.RunAsync("--target=Fetch-tool")).ExitCode.ShouldBe(0);

        var first = await cluster.RunAsync(["--target=Push-n1", .. mode]);

        first.ExitCode.ShouldBe(0, first.Everything);
        cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeInRange(200_000, 260_000);
        cluster.Stored.Count().ShouldBe(3);
        (await lab.OnAsync(1, $"ls {cluster.ReleaseDirectory}/.kubecache/spool")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeGreaterThanOrEqualTo(3);

        var others = await cluster.RunAsync(["--target=Provision", .. mode]);
        others.ExitCode.ShouldBe(0, others.Everything);
        cluster.Report.GetProperty("bytesDownloadedByNodes").GetInt64().ShouldBe(0);
        (await cluster.RunAsync("--target=Verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_node_resumes_what_a_broken_download_left()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        var digest = await cluster.SumAsync("tool-1.0");
        var spool = $"{cluster.ReleaseDirectory}/.kubecache/spool";
        await lab.OnAsync(1, $"mkdir -p {spool} && head -c 150000 {cluster.Served}/tool-1.0 > /dev/null 2>&1; true");
        await File.WriteAllBytesAsync(lab.PathOn(1, $"{spool}/{digest}.part"), (await File.ReadAllBytesAsync(Path.Combine(cluster.Served, "tool-1.0")))[..150_000]);
        // And one whose beginning is of another content.
        await File.WriteAllBytesAsync(lab.PathOn(1, $"{spool}/{await cluster.SumAsync("kit.tgz")}.part"), new byte[1000]);

        var run = await cluster.RunAsync("--target=Push-n1", "--set=download_run_once=false");

        run.ExitCode.ShouldBe(0, run.Everything);
        var delivered = cluster.Report.GetProperty("nodes")[0].GetProperty("deliveries").EnumerateArray().ToDictionary(d => d.GetProperty("artifact").GetString()!, d => d.GetProperty("bytesDownloaded").GetInt64());
        delivered["tool"].ShouldBe(50_000);
        delivered["kit"].ShouldBeGreaterThan(1000);
        (await lab.OnAsync(1, $"sha256sum {cluster.ToolPath}")).ShouldStartWith(digest);
    }

    [Fact]
    public async Task A_node_does_not_take_what_is_not_what_it_should_be()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        var wrong = new string('0', 64);

        var run = await cluster.RunAsync("--target=Provision", "--set=download_run_once=false", $"--set=tool_checksums={{\"1.0\": \"{wrong}\"}}");

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Everything.ShouldContain("gave other content than was expected");
        run.Everything.ShouldContain(wrong);
        (await lab.OnAsync(1, $"ls {cluster.ToolPath} 2>&1 || true; ls -A {cluster.ReleaseDirectory}/.kubecache/spool")).ShouldContain("No such file");
        cluster.States().ShouldBe(["n1 failed", "n2 failed", "n3 failed"]);
    }

    private Task<string> CountAsync(int number, string tool) =>
        // What the probe asks docker's socket is no download.
        lab.OnAsync(number, $"printf '#!/bin/sh\\ncase \"$*\" in *--unix-socket*) ;; *) echo x >> /tmp/calls ;; esac\\nexec /usr/bin/{tool} \"$@\"\\n' > /usr/local/bin/{tool}; chmod 755 /usr/local/bin/{tool}; : > /tmp/calls");

    private async Task<int> CallsAsync(int number) => (await lab.OnAsync(number, "cat /tmp/calls")).Count(c => c == 'x');

    /// <summary>A node without curl, as far as a script can tell: its own /usr/local comes first and has one that is none.</summary>
    private async Task WithoutCurlAsync()
    {
        foreach (var number in new[] { 1, 2, 3 })
        {
            await lab.OnAsync(number, "mkdir -p /run/empty && touch /run/empty/curl && mount --bind /run/empty/curl /usr/bin/curl");
        }
    }

    private async Task WithCurlAsync()
    {
        foreach (var number in new[] { 1, 2, 3 })
        {
            await lab.OnAsync(number, "umount /usr/bin/curl 2>/dev/null; true");
        }
    }
}
