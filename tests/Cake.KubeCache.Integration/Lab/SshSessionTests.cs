using Cake.KubeCache.Integration.Provisioning;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Lab;

/// <summary>Nodes whose sshd allows few sessions on a connection (<c>MaxSessions</c>).</summary>
[Collection(LabCollection.Name)]
public sealed class SshSessionTests(LabFixture lab)
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_does_not_run_at_once_runs_one_after_another(int sessions)
    {
        lab.Require();
        await lab.WithSshdAsync(3, $"-o MaxSessions={sessions}", async port =>
        {
            await using var shell = await ConnectAsync(port, lab.Settings);

            var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => shell.RunAsync(new ShellCommand($"sleep 0.1; echo {i}"), TestContext.Current.CancellationToken)));

            results.Select(r => r.Output).ShouldBe(Enumerable.Range(0, 12).Select(i => $"{i}\n"));
        });
    }

    [Fact]
    public async Task A_long_silence_on_the_only_session_is_no_dead_connection()
    {
        lab.Require();
        await lab.WithSshdAsync(3, "-o MaxSessions=1", async port =>
        {
            await using var shell = await ConnectAsync(port, lab.Settings with { SilenceLimit = TimeSpan.FromMilliseconds(500) });

            (await shell.RunAsync(new ShellCommand("sleep 2; echo done"), TestContext.Current.CancellationToken)).Output.ShouldBe("done\n");
        });
    }

    [Fact]
    public async Task No_session_at_all_is_told_with_what_to_look_at()
    {
        lab.Require();
        await lab.WithSshdAsync(3, "-o MaxSessions=0", async port =>
        {
            await using var shell = await ConnectAsync(port, lab.Settings);

            var error = await Should.ThrowAsync<KubeCacheException>(() => shell.RunAsync(new ShellCommand("exit 0"), TestContext.Current.CancellationToken));

            error.Message.ShouldContain("MaxSessions");
        });
    }

    [Fact]
    public async Task A_node_with_one_session_is_brought_up_to_date()
    {
        await using var cluster = await Cluster.StartAsync(lab);
        await lab.WithSshdAsync(1, "-o MaxSessions=1", async port =>
        {
            var known = (await File.ReadAllLinesAsync(lab.KnownHosts)).First(l => l.StartsWith($"[127.0.0.1]:{lab.PortOf(1)} ", StringComparison.Ordinal));
            await File.AppendAllTextAsync(lab.KnownHosts, known.Replace($":{lab.PortOf(1)} ", $":{port} ", StringComparison.Ordinal) + "\n");
            Cluster.Change(cluster.Inventory, $"ansible_port={lab.PortOf(1)} ", $"ansible_port={port} ");

            var run = await cluster.RunAsync("--target=Provision");
            var status = await cluster.RunAsync("--target=Status");

            run.ExitCode.ShouldBe(0, run.Everything);
            status.ExitCode.ShouldBe(0, status.Everything);
        });
    }

    private Task<INodeShell> ConnectAsync(int port, ConnectSettings settings) => NodeShells.ConnectAsync(
        lab.Node(3, new ContainerRuntime.None()) with { Connection = lab.Connection(3) with { Port = port } },
        settings with { AcceptNewHostKeys = true, KnownHostsFiles = [Path.Combine(lab.State, "known-sessions")] },
        TestContext.Current.CancellationToken);
}
