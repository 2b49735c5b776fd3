using Cake.KubeCache.Integration.Lab;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>The main job: real sshd, containerd, dockerd and containers-storage, from a real registry and nginx, by the build host as people call it.</summary>
[Collection(LabCollection.Name)]
public sealed class ProvisioningTests(LabFixture lab)
{
    [Fact]
    public async Task First_run_second_run_new_version_and_wiped_node()
    {
        await using var cluster = await Cluster.StartAsync(lab);

        var first = await cluster.RunAsync("--target=Provision");
        first.ExitCode.ShouldBe(0, first.Everything);
        Artifacts(cluster, "done").ShouldBe(["tool", "kit", "app"]);
        cluster.Report.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("state").GetString()).ShouldAllBe(s => s == "done");
        foreach (var number in new[] { 1, 2, 3 })
        {
            (await lab.OnAsync(number, $"stat -c '%a %U %s' {cluster.ToolPath}; ls /opt/*/releases/tool-1.0")).ShouldStartWith("755 root 200000");
        }

        (await lab.OnAsync(1, "ctr -n k8s.io images check")).ShouldContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(2, "docker images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(3, "podman images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");

        var second = await cluster.RunAsync("--target=Provision");
        second.ExitCode.ShouldBe(0, second.Everything);
        cluster.Report.GetProperty("upToDate").GetBoolean().ShouldBeTrue(second.Everything);
        Bytes(cluster).ShouldBe((0, 0));
        second.Output.ShouldContain("Up to date: 3 artifacts cached, 3 nodes with 9 deliveries in place, nothing moved");
        second.Output.ShouldMatch(@"Push-n1\s+-\s+Skipped\s+up to date");

        var upgrade = await cluster.RunAsync("--target=Provision", "--set=app_version=2.0");
        upgrade.ExitCode.ShouldBe(0, upgrade.Everything);
        Artifacts(cluster, "done").ShouldBe(["app"]);
        Delivered(cluster).ShouldBe(["n1 app", "n2 app", "n3 app"], upgrade.Everything);

        // The base layer is there already: only the top layer of 300 kB and a few documents travel.
        var (received, sent) = Bytes(cluster);
        received.ShouldBeInRange(300_000, 320_000);
        sent.ShouldBeInRange(3 * 300_000, 3 * 380_000);

        await lab.OnAsync(2, $"rm -rf {cluster.ToolPath} /opt/*/releases; docker rmi -f {cluster.Repository}:1.0 {cluster.Repository}:2.0");
        var status = await cluster.RunAsync("--target=Status", "--set=app_version=2.0");
        status.ExitCode.ShouldBe(3, status.Everything);
        status.Everything.ShouldContain("n2 is not as planned");
        var wiped = await cluster.RunAsync("--target=Provision", "--set=app_version=2.0");
        wiped.ExitCode.ShouldBe(0, wiped.Everything);
        Artifacts(cluster, "done").ShouldBeEmpty();
        Delivered(cluster).ShouldBe(["n2 tool", "n2 kit", "n2 app"], wiped.Everything);
        (await cluster.RunAsync("--target=Status", "--set=app_version=2.0")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task An_unreachable_node_is_reported_and_the_others_are_finished()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        Cluster.Change(cluster.Inventory, "[k8s_cluster:children]", "n4 ansible_host=127.0.0.1 ansible_port=1 container_manager=containerd\n[k8s_cluster:children]");

        var run = await cluster.RunAsync("--target=Provision");

        run.ExitCode.ShouldBe(1, run.Everything);
        States(cluster).ShouldBe(["n1 done", "n2 done", "n3 done", "n4 failed"]);
        run.Output.ShouldContain("lacks tool, kit, app");
    }

    [Fact]
    public async Task Batches_stop_at_the_first_that_fails()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        await lab.OnAsync(2, $"mkdir -p {cluster.ToolPath}");

        var run = await cluster.RunAsync("--target=Provision", "--serial=1");

        run.ExitCode.ShouldBe(1, run.Everything);
        States(cluster).ShouldBe(["n1 done", "n2 failed", "n3 blocked"], run.Everything);
        (await lab.OnAsync(3, $"ls {cluster.ToolPath} 2>&1 || true")).ShouldContain("No such file");
    }

    [Fact]
    public async Task What_no_plan_wants_any_more_is_shown_and_on_request_removed()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Provision")).ExitCode.ShouldBe(0);
        string[] next = ["--set=app_version=2.0", $"--set=local_release_dir={cluster.ReleaseDirectory}"];
        Cluster.Change(cluster.Catalogue, $"dest: \"{cluster.ToolPath}\"", $"dest: \"{cluster.ToolPath}-new\"");
        (await cluster.RunAsync(["--target=Provision", .. next])).ExitCode.ShouldBe(0);

        var status = await cluster.RunAsync(["--target=Status", .. next]);
        status.ExitCode.ShouldBe(0, status.Everything);
        status.Output.ShouldContain($"extra left there: {cluster.ToolPath} {cluster.Repository}:1.0");
        (await cluster.RunAsync(["--target=Status", "--prune-nodes", .. next])).ExitCode.ShouldBe(3);

        // One node's old image is in use, and another's old file was changed by somebody.
        await lab.OnAsync(3, $"echo mine >> {cluster.ToolPath}");
        await lab.OnAsync(1, $"ctr -n k8s.io containers create {cluster.Repository}:1.0 keeper");
        try
        {
            var pruned = await cluster.RunAsync(["--target=Provision", "--prune-nodes", .. next]);
            pruned.ExitCode.ShouldBe(1, pruned.Everything);
            pruned.Everything.ShouldContain($"a container uses {cluster.Repository}:1.0");
        }
        finally
        {
            await lab.OnAsync(1, "ctr -n k8s.io containers rm keeper");
        }

        (await lab.OnAsync(1, "ctr -n k8s.io images ls -q")).ShouldContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(2, $"docker images --format '{{{{.Repository}}}}:{{{{.Tag}}}}'; ls {cluster.ToolPath}*")).ShouldNotContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(3, $"tail -c 5 {cluster.ToolPath}")).ShouldBe("mine\n");

        (await cluster.RunAsync(["--target=Provision", "--prune-nodes", .. next])).ExitCode.ShouldBe(0);
        (await lab.OnAsync(1, "ctr -n k8s.io images ls -q")).ShouldNotContain($"{cluster.Repository}:1.0");
        (await cluster.RunAsync(["--target=Status", "--prune-nodes", .. next])).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task One_bandwidth_limit_covers_downloads_and_pushes()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);

        var run = await cluster.RunAsync("--target=Push", "--max-rate=1MB/s");

        run.ExitCode.ShouldBe(0, run.Everything);
        var report = cluster.Report;
        var seconds = report.GetProperty("took").GetDouble();
        (report.GetProperty("bytesSent").GetInt64() / seconds).ShouldBeLessThan(1_150_000);
    }

    [Fact]
    public async Task A_wrong_checksum_says_both_and_stores_nothing()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        var wrong = new string('0', 64);

        var run = await cluster.RunAsync("--target=Fetch", $"--set=tool_checksums={{\"1.0\": \"{wrong}\"}}");

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Everything.ShouldContain(wrong);
        run.Everything.ShouldContain("got:");
        Artifacts(cluster, "done").ShouldBe(["kit", "app"]);
        cluster.Stored.ShouldNotContain(key => key.Contains(wrong, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_file_and_a_refused_connection_are_told_apart()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        Cluster.Change(cluster.Catalogue, "/tool-{{ tool_version }}", "/no-such-tool");
        Cluster.Change(cluster.Catalogue, cluster.Repository, "127.0.0.1:1/no/registry");

        var run = await cluster.RunAsync("--target=Fetch");

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Everything.ShouldContain("404");
        run.Everything.ShouldContain("127.0.0.1:1");
        Artifacts(cluster, "done").ShouldBe(["kit"]);
    }

    [Fact]
    public async Task An_unknown_host_key_and_a_wrong_login_key_end_the_node_and_say_why()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        var strangers = Path.Combine(Path.GetDirectoryName(cluster.Inventory)!, "empty_known_hosts");
        await File.WriteAllTextAsync(strangers, "");

        cluster.KnownHosts = strangers;
        var unknown = await cluster.RunAsync("--target=Provision", "--limit=n1");
        unknown.ExitCode.ShouldBe(1, unknown.Everything);
        unknown.Everything.ShouldContain("key");
        cluster.KnownHosts = lab.KnownHosts;

        var key = Path.Combine(Path.GetDirectoryName(cluster.Inventory)!, "stranger");
        (await ExternalProgram.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])).ExitCode.ShouldBe(0);
        var wrong = await cluster.RunAsync("--target=Provision", "--limit=n2", $"--set=ansible_ssh_private_key_file={key}");
        wrong.ExitCode.ShouldBe(1, wrong.Everything);
        wrong.Everything.ShouldContain("n2");
    }

    [Fact]
    public async Task An_archive_is_unpacked_again_when_its_options_change()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Provision")).ExitCode.ShouldBe(0);
        Cluster.Change(cluster.Catalogue, "    unarchive: true\n", "    unarchive: true\n    unarchive_extra_opts: [--exclude=nothing-of-this-name]\n");

        var status = await cluster.RunAsync("--target=Status");
        var run = await cluster.RunAsync("--target=Provision");
        var again = await cluster.RunAsync("--target=Provision");

        status.ExitCode.ShouldBe(3, status.Everything);
        run.ExitCode.ShouldBe(0, run.Everything);
        Delivered(cluster).ShouldBeEmpty(again.Everything);
        (await cluster.RunAsync("--target=Status")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_node_without_its_runtime_and_a_full_disk_are_reported_and_the_rest_is_done()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        Cluster.Change(cluster.Inventory, "container_manager=crio", "container_manager=containerd");
        var folder = Path.GetDirectoryName(cluster.ToolPath);
        await lab.OnAsync(2, $"mkdir -p {folder} && mount -t tmpfs -o size=64k tmpfs {folder}");
        try
        {
            var run = await cluster.RunAsync("--target=Provision");

            run.ExitCode.ShouldBe(1, run.Everything);
            Lacks(cluster, "n3").ShouldBe(["app"], run.Everything);
            Lacks(cluster, "n2").ShouldContain("tool");
            run.Everything.ShouldContain("No space left");
            run.Everything.ShouldContain("containerd does not run: /run/containerd/containerd.sock is not there");
            (await lab.OnAsync(2, $"find {folder} -type f -size +0 -name '*tool*'")).ShouldBeEmpty();
            States(cluster).ShouldContain("n1 done");
        }
        finally
        {
            await lab.OnAsync(2, $"umount {folder}");
        }
    }

    [Theory]
    [InlineData("--inventory=/no/such/inventory.yml", "/no/such/inventory.yml")]
    [InlineData("--limit=nobody", "nobody")]
    [InlineData("--set=app_version={{ app_version }}", "app_version")]
    [InlineData("--set=tool_version={{ undefined_one }}", "undefined_one")]
    [InlineData("--set=@/no/such/file.yml", "/no/such/file.yml")]
    public async Task Wrong_input_ends_with_2_before_anything_starts(string argument, string named)
    {
        await using var cluster = await Cluster.StartAsync(lab);

        var run = await cluster.RunAsync("--target=Provision", argument);

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldContain(named);
        Directory.Exists(Path.Combine(cluster.Cache, "blobs", "sha256")).ShouldBeFalse();
    }

    [Fact]
    public async Task Bad_yaml_is_shown_at_its_line()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        File.AppendAllText(cluster.Catalogue, "\nbroken: [1, 2\nmore: : x\n");

        var run = await cluster.RunAsync("--target=Plan");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldMatch(@"downloads\.yml:\d+");
    }

    private static List<string> Artifacts(Cluster cluster, string state) =>
        [.. cluster.Report.GetProperty("artifacts").EnumerateArray().Where(a => a.GetProperty("state").GetString() == state).Select(a => a.GetProperty("artifact").GetString()!)];

    private static List<string> States(Cluster cluster) =>
        [.. cluster.Report.GetProperty("nodes").EnumerateArray().Select(n => $"{n.GetProperty("node")} {n.GetProperty("state")}")];

    private static List<string> Lacks(Cluster cluster, string node) =>
        [.. cluster.Report.GetProperty("nodes").EnumerateArray().Single(n => n.GetProperty("node").GetString() == node).GetProperty("lacking").EnumerateArray().Select(l => l.GetString()!)];

    private static List<string> Delivered(Cluster cluster) =>
    [
        .. cluster.Report.GetProperty("nodes").EnumerateArray().SelectMany(n => n.GetProperty("deliveries").EnumerateArray()
            .Where(d => d.GetProperty("state").GetString() == "done")
            .Select(d => $"{n.GetProperty("node")} {d.GetProperty("artifact")}")),
    ];

    private static (long Received, long Sent) Bytes(Cluster cluster) =>
        (cluster.Report.GetProperty("bytesReceived").GetInt64(), cluster.Report.GetProperty("bytesSent").GetInt64());
}
