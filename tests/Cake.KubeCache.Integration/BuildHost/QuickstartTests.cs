using System.Text.Json.Nodes;
using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>What a newcomer sees: the first run, the second, and an upgrade.</summary>
public sealed class QuickstartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fetches_once_then_has_nothing_to_do_then_brings_only_what_changed()
    {
        var first = await ProvisionAsync();
        Artifacts(first, "done").ShouldBe(["hello", "greeter", "clock", "phrasebook"], ignoreOrder: true);
        Sent(first).ShouldBeGreaterThan(10_000_000);
        var greeting = await ExternalProgram.RunAsync(_folder.At("node2/usr/local/bin/hello"), ["Ada"]);
        greeting.Output.ShouldBe("Hello, Ada! This is hello 1.1.0.\n", greeting.Everything);
        File.Exists(_folder.At("node3/var/lib/kubecache/releases/phrasebook/de.txt")).ShouldBeTrue();
        Directory.GetFiles(_folder.At("node1/var/lib/rancher/k3s/agent/images")).Length.ShouldBe(2);

        var second = await ProvisionAsync();
        Artifacts(second, "upToDate").Count.ShouldBe(4);
        Received(second).ShouldBe(0);
        Sent(second).ShouldBe(0);

        var upgrade = await ProvisionAsync("--set=hello_version=2.0.0");
        Artifacts(upgrade, "done").ShouldBe(["hello", "greeter"], ignoreOrder: true);
        // The new top layer of greeter, its manifest and configuration, and hello itself: the two lower layers stay.
        Received(upgrade).ShouldBeInRange(60_000, 100_000);
        Sent(upgrade).ShouldBeInRange(3 * 60_000, 3 * 100_000);
        (await ExternalProgram.RunAsync(_folder.At("node1/usr/local/bin/hello"), ["--version"])).Output.ShouldStartWith("hello 2.0.0");
    }

    [Fact]
    public async Task A_plan_asks_nobody_and_leaves_no_node_behind()
    {
        var run = await CompiledHost.RunAsync([.. Arguments, "--target=Plan", $"--plan-output={_folder.At("plan.json")}"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        File.Exists(_folder.At("plan.json")).ShouldBeTrue();
        Directory.Exists(_folder.At("node1")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_version_that_the_catalogue_does_not_know_is_wrong_input()
    {
        var run = await CompiledHost.RunAsync([.. Arguments, "--set=hello_version=9.9.9"]);

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldContain("9.9.9");
        Directory.Exists(_folder.At("node1")).ShouldBeFalse();
    }

    private string[] Arguments => ["--set=kubecache_root=" + _folder.At("{{ inventory_hostname }}"), "--cache=" + _folder.At("cache")];

    private async Task<JsonNode> ProvisionAsync(params string[] more)
    {
        var run = await CompiledHost.RunAsync([.. Arguments, .. more, "--report=" + _folder.At("report.json")]);
        run.ExitCode.ShouldBe(0, run.Everything);
        return JsonNode.Parse(await File.ReadAllTextAsync(_folder.At("report.json")))!["run"]!;
    }

    private static List<string> Artifacts(JsonNode run, string state) => [.. run["artifacts"]!.AsArray()
        .Where(artifact => artifact!["state"]!.GetValue<string>() == state)
        .Select(artifact => artifact!["artifact"]!.GetValue<string>())];

    private static long Received(JsonNode run) => run["artifacts"]!.AsArray().Sum(artifact => artifact!["bytesReceived"]!.GetValue<long>());

    private static long Sent(JsonNode run) => run["nodes"]!.AsArray()
        .SelectMany(node => node!["deliveries"]!.AsArray())
        .Sum(delivery => delivery!["bytesSent"]!.GetValue<long>());
}
