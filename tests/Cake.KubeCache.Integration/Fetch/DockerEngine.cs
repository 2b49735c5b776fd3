using System.Diagnostics;
using System.Globalization;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>A Docker engine of a test's own, with everything of it below a folder.</summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private readonly Process _process;

    private DockerEngine(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it listens, as <c>docker -H</c> takes it.</summary>
    public string Address { get; }

    /// <summary>Starts it; skips the test where it cannot be.</summary>
    public static async Task<DockerEngine> StartAsync(TemporaryFolder folder)
    {
        Daemon.Need("dockerd", "docker");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "dockerd needs root");
        var address = "unix://" + folder.At("docker.sock");
        string[] arguments = ["--data-root", folder.At("data"), "--exec-root", folder.At("exec"), "--pidfile", folder.At("docker.pid"), "--host", address, "--storage-driver", "vfs", "--bridge", "none", "--iptables=false", "--ip6tables=false"];
        var engine = Process.Start(new ProcessStartInfo(Daemon.Find("dockerd")!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        engine.ErrorDataReceived += (_, _) => { };
        engine.OutputDataReceived += (_, _) => { };
        engine.BeginErrorReadLine();
        engine.BeginOutputReadLine();
        for (var i = 0; i < 300 && !engine.HasExited; i++)
        {
            if (File.Exists(folder.At("docker.sock")) && (await Daemon.RunAsync("docker", "-H", address, "version")).Code == 0)
            {
                return new DockerEngine(engine, address);
            }

            await Task.Delay(100);
        }

        Assert.Skip("dockerd does not come up on this machine");
        throw new InvalidOperationException("not reached");
    }

    public async ValueTask DisposeAsync()
    {
        // Asked to end it unmounts what it mounted.
        await Daemon.RunAsync("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await _process.WaitForExitAsync(patience.Token);
        _process.Dispose();
    }
}
