using System.Diagnostics;
using Cake.KubeCache.Integration.Lab;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>Machines that end, hang or tell a wrong time in the middle of a run; each time the node is right or reported, and the next run heals it.</summary>
[Collection(LabCollection.Name)]
public sealed class NodeTroubleTests(LabFixture lab)
{
    [Fact]
    public async Task A_control_machine_that_dies_in_the_middle_of_pushes_leaves_nothing_half_done()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        foreach (var wait in new[] { 1500, 2200, 3000 })
        {
            // 1.5 MB for all three nodes at 300 kB/s: there is always something on its way.
            using var run = Process.Start(new ProcessStartInfo("dotnet", [BuildHostProgram.Program, .. cluster.Arguments("--target=Push", "--max-rate=300kB/s")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            await Task.Delay(wait, TestContext.Current.CancellationToken);
            run.HasExited.ShouldBeFalse();
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            foreach (var number in new[] { 1, 2, 3 })
            {
                // A file is there whole or not at all; what was on its way goes as soon as the node learns that nobody sends any more.
                (await lab.OnAsync(number, $"sleep 1; stat -c %s {cluster.ToolPath} 2>/dev/null || echo none")).Trim().ShouldBeOneOf("none", "200000");
                (await lab.OnAsync(number, $"find {Path.GetDirectoryName(cluster.ToolPath)} -name '*.partial' -o -name '.kubecache-import*' 2>/dev/null || true")).ShouldBe("");
            }
        }

        await HealsAsync(cluster);
    }

    [Fact]
    public async Task A_node_that_loses_its_power_is_reported_and_healed_once_it_is_back()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        var running = cluster.RunAsync("--target=Push", "--max-rate=300kB/s");
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        await lab.PowerOffAsync(1);
        try
        {
            var run = await running;

            run.ExitCode.ShouldBe(1, run.Everything);
            cluster.States().ShouldBe(["n1 failed", "n2 done", "n3 done"], run.Everything);
        }
        finally
        {
            await lab.PowerOnAsync();
        }

        await HealsAsync(cluster);
    }

    [Fact]
    public async Task Files_and_receipts_of_another_time_are_judged_by_their_content()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Provision")).ExitCode.ShouldBe(0);

        // As a node leaves them whose clock was decades off, before and after: times lie in the past and in the future of everybody.
        await lab.OnAsync(1, $"touch -d 2099-01-01 {cluster.ToolPath} {cluster.ReleaseDirectory}/kit.tgz {cluster.ReleaseDirectory}/.kubecache/*");
        await lab.OnAsync(2, $"touch -d 1971-01-01 {cluster.ToolPath} {cluster.ReleaseDirectory}/tool-1.0 {cluster.ReleaseDirectory}/.kubecache/*");
        await lab.OnAsync(3, $"printf x >> {cluster.ToolPath}; touch -d 2099-01-01 {cluster.ToolPath}");

        var run = await cluster.RunAsync("--target=Provision");

        run.ExitCode.ShouldBe(0, run.Everything);
        // Only the content that really changed travels; what looks different is hashed again (or, unpacked, unpacked again).
        cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBe(200_000, run.Everything);
        (await lab.OnAsync(3, $"sha256sum {cluster.ToolPath}")).ShouldStartWith(await cluster.SumAsync("tool-1.0"));
        await HealsAsync(cluster);
    }

    [Fact]
    public async Task A_node_behind_200_ms_that_stands_still_for_a_while_is_brought_up_to_date_all_the_same()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        await using var wire = new FaultyWire(lab.PortOf(1), TimeSpan.FromMilliseconds(200));
        var known = (await File.ReadAllLinesAsync(lab.KnownHosts)).First(l => l.StartsWith($"[127.0.0.1]:{lab.PortOf(1)} ", StringComparison.Ordinal));
        await File.AppendAllTextAsync(lab.KnownHosts, known.Replace($":{lab.PortOf(1)} ", $":{wire.Port} ", StringComparison.Ordinal) + "\n");
        Cluster.Change(cluster.Inventory, $"ansible_port={lab.PortOf(1)} ", $"ansible_port={wire.Port} ");
        wire.StallAfter(300_000);

        var run = await cluster.RunAsync("--target=Provision");

        run.ExitCode.ShouldBe(0, run.Everything);
        cluster.States().ShouldBe(["n1 done", "n2 done", "n3 done"]);
        wire.Connections.ShouldBeGreaterThan(1);
        await HealsAsync(cluster);
    }

    private static async Task HealsAsync(Cluster cluster)
    {
        var heal = await cluster.RunAsync("--target=Provision");
        heal.ExitCode.ShouldBe(0, heal.Everything);
        var status = await cluster.RunAsync("--target=Status");
        status.ExitCode.ShouldBe(0, status.Everything);
    }
}
