using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Cake.KubeCache.Integration.Provisioning;
using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>Cake's switches on the targets of a plan, and the plan itself, with the compiled host: two local nodes and a file of this machine.</summary>
public sealed class TargetSwitchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TargetSwitchTests()
    {
        _folder.Write("tool", "#!/bin/sh\n");
        _folder.Write("inventory/hosts.ini", $"""
            [kube_node]
            node1 kubecache_root={_folder.At("node1")}
            node2 kubecache_root={_folder.At("node2")}
            [k8s_cluster:children]
            kube_node
            [all:vars]
            ansible_connection=local
            container_manager=none
            """);
        _folder.Write("inventory/group_vars/all.yml", "---\ntool_version: \"{{ major }}.1\"\nmajor: 2\n");
        Catalogue("file://" + _folder.At("tool"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_dry_run_prints_the_plan_and_touches_neither_network_nor_nodes_nor_store()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Catalogue($"http://{server.LocalEndpoint}/tool");
        _folder.Write("inventory/hosts.ini", $"[k8s_cluster]\nnode1 ansible_host=127.0.0.1 ansible_port={((IPEndPoint)server.LocalEndpoint).Port} ansible_user=nobody container_manager=none\n");

        var run = await RunAsync("--dryrun", "--target=Provision");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("artifact tool: to fetch");
        run.Output.ShouldContain("node node1: 0 up to date");
        server.Pending().ShouldBeFalse();
        Directory.Exists(_folder.At("cache")).ShouldBeFalse(run.Everything);
    }

    [Fact]
    public async Task A_plan_without_a_catalogue_is_that_of_our_own_and_says_what_a_range_became()
    {
        _folder.Write("inventory/group_vars/all.yml", "kube_version: \"1.35.*\"\n");

        var run = await BuildHostProgram.RunAsync(["--target=Plan", $"--inventory={_folder.At("inventory", "hosts.ini")}", $"--cache={_folder.At("cache")}", $"--plan-output={_folder.At("plan.json")}"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldMatch(@"kube_version = v?1\.35\.\d+ \(the highest in 1\.35\.\* that the catalogue has\)");
        var artifacts = JsonNode.Parse(await File.ReadAllTextAsync(_folder.At("plan.json")))!["hosts"]!["node1"]!["artifacts"]!;
        artifacts["kubelet"]!["url"]!.GetValue<string>().ShouldContain("/v1.35.");
        Directory.Exists(_folder.At("cache")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_exclusive_push_leaves_fetches_and_other_nodes_alone()
    {
        (await RunAsync("--target=Fetch-tool")).ExitCode.ShouldBe(0);

        var run = await RunAsync("--target=Push-node2", "--exclusive");

        run.ExitCode.ShouldBe(0, run.Everything);
        File.Exists(_folder.At("node2/opt/tool")).ShouldBeTrue(run.Everything);
        Directory.Exists(_folder.At("node1")).ShouldBeFalse();
        run.Output.ShouldNotContain("Fetch-tool");
    }

    [Fact]
    public async Task Several_targets_run_and_requested_ones_that_are_up_to_date_are_no_failure()
    {
        var both = await RunAsync("--target=Push-node1", "--target=Push-node2");
        both.ExitCode.ShouldBe(0, both.Everything);
        File.Exists(_folder.At("node1/opt/tool")).ShouldBeTrue();
        File.Exists(_folder.At("node2/opt/tool")).ShouldBeTrue();

        var again = await RunAsync("--target=Fetch-tool", "--target=Push-node1", "--target=Provision");
        again.ExitCode.ShouldBe(0, again.Everything);
        again.Output.ShouldContain("tool is up to date");
        again.Output.ShouldContain("node1 is up to date");
        again.Output.ShouldMatch(@"Push-node2\s+-\s+Skipped\s+up to date");
    }

    [Fact]
    public async Task Every_target_of_the_plan_says_what_it_is()
    {
        var run = await RunAsync("--description");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldMatch(@"(?m)^\s*Fetch-tool\s+tool into the cache\s*$");
        run.Output.ShouldMatch(@"(?m)^\s*Push-node2\s+1 artifacts onto node2");
    }

    [Fact]
    public async Task A_plan_says_where_the_variables_of_downloads_come_from_and_writes_what_each_host_is_to_have()
    {
        var run = await RunAsync("--target=Plan", "--set=download_run_once=true", "--plan-output=" + _folder.At("plan.json"));

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("artifact tool: to fetch, tool, size unknown, for node1 node2");
        run.Output.ShouldContain("download_run_once = True (--set=download_run_once)");
        run.Output.ShouldMatch(@"local_release_dir = /opt/releases \(\S*catalogue/downloads\.yml:1\)");
        run.Output.ShouldMatch(@"container_manager = none \(\S*inventory/hosts\.ini:8\)");
        var hosts = JsonNode.Parse(await File.ReadAllTextAsync(_folder.At("plan.json")))!["hosts"]!;
        hosts.AsObject().Select(h => h.Key).ShouldBe(["node1", "node2"]);
        hosts["node2"]!.AsObject().Select(p => p.Key).ShouldBe(["settings", "artifacts", "kubeadm_images"], ignoreOrder: true);
        hosts["node2"]!["artifacts"]!["tool"]!["dest"]!.GetValue<string>().ShouldBe("/opt/tool");
        hosts["node2"]!["settings"]!["local_release_dir"]!.GetValue<string>().ShouldBe("/opt/releases");
    }

    [Fact]
    public async Task An_explanation_shows_every_layer_with_its_line_and_marks_the_winner()
    {
        _folder.Write("inventory/host_vars/node2.yml", "tool_version: 9\n");

        var run = await RunAsync("--target=Plan", "--explain=tool_version");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldMatch(@"tool_version on node1: 2\.1\n     catalogue catalogue \(\S*downloads\.yml:2\): 1\.0\n  -> group_vars/all \(\S*all\.yml:2\): \{\{ major \}\}\.1\n");
        run.Output.ShouldMatch(@"tool_version on node2: 9\n(     .*\n){2}  -> host_vars/node2 \(\S*node2\.yml:1\): 9\n");
    }

    private void Catalogue(string url) => _folder.Write("catalogue/downloads.yml", $$"""
        local_release_dir: /opt/releases
        tool_version: "1.0"
        downloads:
          tool: { enabled: true, file: true, url: "{{url}}", checksum: "sha256:{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder.At("tool"))))}}", dest: /opt/tool, groups: [k8s_cluster] }
        """);

    private Task<ProgramResult> RunAsync(params string[] arguments) =>
        CompiledHost.RunAsync(["--inventory=" + _folder.At("inventory/hosts.ini"), "--catalogue=" + _folder.At("catalogue"), "--cache=" + _folder.At("cache"), .. arguments]);
}
