using System.Diagnostics;
using Cake.KubeCache.Integration.Lab;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>Nodes that pass on what they have (<c>kubecache_fanout</c>), over real sshd and ssh-agent.</summary>
[Collection(LabCollection.Name)]
public sealed class FanoutTests(LabFixture lab)
{
    private const string Fanout = "--set=kubecache_fanout=2";

    /// <summary>Two files of 200 kB and two layers of 300 kB: what one node lacks.</summary>
    private const long Once = 1_000_000;

    [Fact]
    public async Task Each_content_is_sent_about_once_and_nothing_of_it_stays_behind()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        var before = await AuthorizedAsync();

        var first = await cluster.RunAsync("--target=Provision", Fanout);

        first.ExitCode.ShouldBe(0, first.Everything);
        cluster.States().ShouldBe(["n1 done", "n2 done", "n3 done"]);
        cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeInRange(Once, Once + 250_000, Notes(cluster));
        Notes(cluster).ShouldContain("passed on by n");
        Notes(cluster).ShouldNotContain("not passed on");
        foreach (var number in new[] { 1, 2, 3 })
        {
            (await lab.OnAsync(number, $"stat -c '%a %U %s' {cluster.ToolPath}; ls {cluster.ReleaseDirectory}/tool-1.0")).ShouldStartWith("755 root 200000");
        }

        (await lab.OnAsync(1, "ctr -n k8s.io images check")).ShouldContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(2, "docker images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");
        (await lab.OnAsync(3, "podman images --format '{{.Repository}}:{{.Tag}}'")).ShouldContain($"{cluster.Repository}:1.0");
        await NothingStaysAsync(cluster, before);

        var second = await cluster.RunAsync("--target=Provision", Fanout);
        second.ExitCode.ShouldBe(0, second.Everything);
        cluster.Report.GetProperty("upToDate").GetBoolean().ShouldBeTrue(second.Everything);

        // One file of 210 kB and the top layer of 300 kB; the rest is on the nodes.
        var upgrade = await cluster.RunAsync("--target=Provision", "--set=app_version=2.0", "--set=tool_version=2.0", Fanout);
        upgrade.ExitCode.ShouldBe(0, upgrade.Everything);
        cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeInRange(510_000, 700_000, Notes(cluster));
        await NothingStaysAsync(cluster, before);
    }

    [Fact]
    public async Task A_user_with_sudo_passes_on_as_well_and_a_node_without_ssh_only_takes()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        Cluster.Change(Path.Combine(Path.GetDirectoryName(cluster.Inventory)!, "group_vars", "all.yml"), "ansible_user: root", "ansible_user: kube\nansible_become: true");
        await lab.OnAsync(2, "printf '#!/bin/sh\\nexit 1\\n' > /usr/local/sbin/ssh-agent; chmod 755 /usr/local/sbin/ssh-agent; ln -sf /usr/local/sbin/ssh-agent /usr/local/bin/ssh-agent");
        var before = await AuthorizedAsync();
        try
        {
            var run = await cluster.RunAsync("--target=Provision", Fanout);

            run.ExitCode.ShouldBe(0, run.Everything);
            cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeLessThan(2 * Once + 250_000, Notes(cluster));
            Notes(cluster).ShouldContain("passed on by n");
            Notes(cluster).ShouldNotContain("passed on by n2");
            (await lab.OnAsync(3, $"stat -c '%a %U %s' {cluster.ToolPath}")).ShouldStartWith("755 root 200000");
            await NothingStaysAsync(cluster, before);
        }
        finally
        {
            await lab.OnAsync(2, "rm -f /usr/local/sbin/ssh-agent /usr/local/bin/ssh-agent");
        }
    }

    [Fact]
    public async Task Nodes_that_cannot_reach_each_other_are_served_from_here()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        foreach (var number in new[] { 1, 2, 3 })
        {
            await lab.OnAsync(number, "printf '#!/bin/sh\\ncat >/dev/null\\necho \"no route to host\" >&2\\nexit 255\\n' > /usr/local/sbin/ssh; chmod 755 /usr/local/sbin/ssh; ln -sf /usr/local/sbin/ssh /usr/local/bin/ssh");
        }

        var before = await AuthorizedAsync();
        try
        {
            // The tools of /usr/local come first for the script, as for a login.
            var run = await cluster.RunAsync("--target=Provision", Fanout);

            run.ExitCode.ShouldBe(0, run.Everything);
            cluster.States().ShouldBe(["n1 done", "n2 done", "n3 done"]);
            Notes(cluster).ShouldContain("not passed on by n");
            Notes(cluster).ShouldContain("no route to host");
            cluster.Report.GetProperty("bytesSent").GetInt64().ShouldBeGreaterThanOrEqualTo(3 * Once);
            await NothingStaysAsync(cluster, before);
        }
        finally
        {
            foreach (var number in new[] { 1, 2, 3 })
            {
                await lab.OnAsync(number, "rm -f /usr/local/sbin/ssh /usr/local/bin/ssh");
            }
        }
    }

    [Fact]
    public async Task No_key_outlives_a_control_machine_that_is_killed()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        (await cluster.RunAsync("--target=Fetch")).ExitCode.ShouldBe(0);
        var before = await AuthorizedAsync();
        using (var run = Process.Start(new ProcessStartInfo("dotnet", [BuildHostProgram.Program, .. cluster.Arguments("--target=Push", Fanout, "--max-rate=100kB/s")]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var seen = false;
            for (var i = 0; i < 100 && !seen; i++)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
                seen = (await AuthorizedAsync()).Contains("kubecache-neighbour-", StringComparison.Ordinal);
            }

            seen.ShouldBeTrue();
            var line = (await AuthorizedAsync()).Split('\n').First(l => l.Contains("kubecache-neighbour-", StringComparison.Ordinal));
            line.ShouldMatch("""^restrict,expiry-time="\d{14}",command="/bin/sh '[^']+/take'" ecdsa-sha2-nistp256 [A-Za-z0-9+/=]+ kubecache-neighbour-\d+$""");
            run.HasExited.ShouldBeFalse();
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await NothingStaysAsync(cluster, before, spool: false);
        var again = await cluster.RunAsync("--target=Push", Fanout);
        again.ExitCode.ShouldBe(0, again.Everything);
        await NothingStaysAsync(cluster, before);
    }

    private static string Notes(Cluster cluster) => string.Join('\n', cluster.Report.GetProperty("nodes").EnumerateArray().SelectMany(n => n.GetProperty("deliveries").EnumerateArray())
        .SelectMany(d => d.GetProperty("notes").EnumerateArray()).Select(n => n.GetString()));

    private async Task<string> AuthorizedAsync()
    {
        var all = "";
        foreach (var number in new[] { 1, 2, 3 })
        {
            all += await lab.OnAsync(number, "for f in /root/.ssh/authorized_keys /home/kube/.ssh/authorized_keys; do stat -c '%a %U' $f; cat $f; done; ls -A /root/.ssh /home/kube/.ssh");
        }

        return all;
    }

    private async Task NothingStaysAsync(Cluster cluster, string authorized, bool spool = true)
    {
        // A killed control machine's connections end when the kernel closes them; the nodes' scripts need a moment to tidy up.
        var now = "";
        for (var i = 0; i < 100 && (now = await AuthorizedAsync()) != authorized; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        now.ShouldBe(authorized);
        foreach (var number in new[] { 1, 2, 3 })
        {
            (await lab.OnAsync(number, $"for i in $(seq 100); do ls -A {cluster.ReleaseDirectory} {cluster.ReleaseDirectory}/.kubecache/spool | grep -e '^.kubecache-in' -e '^.agent' || break; sleep 0.1; done; ps ax -o args= | grep '[s]sh-agent' || true")).Trim().ShouldBe("");
            if (spool)
            {
                (await lab.OnAsync(number, $"ls -A {cluster.ReleaseDirectory}/.kubecache/spool")).Trim().ShouldBe("");
            }
        }
    }
}
