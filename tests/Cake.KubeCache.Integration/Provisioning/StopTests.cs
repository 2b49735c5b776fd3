using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>What Ctrl-C and SIGTERM do to a run.</summary>
public sealed class StopTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_the_run_within_seconds_and_reports_what_was_done(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent by kill(1), and reset by env(1) of GNU");
        using var folder = new TemporaryFolder();

        // A server that takes a connection and never answers: the fetch hangs until it is stopped.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var inventory = folder.Write("hosts.ini", $"[k8s_cluster]\nnode1 ansible_connection=local container_manager=none kubecache_root={folder.At("node1")} local_release_dir=/releases\n");
        var catalogue = folder.Write("catalogue/downloads.yml", $$"""
            downloads:
              slow:
                enabled: true
                file: true
                url: "http://{{silent.LocalEndpoint}}/slow"
                checksum: "sha256:{{new string('1', 64)}}"
                dest: /opt/slow
                groups: [k8s_cluster]
            """);
        // A shell that starts the tests in the background has told them to ignore SIGINT, and children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", BuildHostProgram.Program, "--target=Provision", $"--inventory={inventory}", $"--catalogue={catalogue}", $"--cache={folder.At("cache")}", $"--report={folder.At("report.json")}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync();
        var error = run.StandardError.ReadToEndAsync();
        using var connection = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(30));

        (await ExternalProgram.RunAsync("kill", [$"-{signal}", $"{run.Id}"])).ExitCode.ShouldBe(0);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10));

        run.ExitCode.ShouldNotBe(0);
        (await output + await error).ShouldContain("stopping (SIG" + signal);
        File.ReadAllText(folder.At("report.json")).ShouldContain("\"canceled\"");
    }
}
