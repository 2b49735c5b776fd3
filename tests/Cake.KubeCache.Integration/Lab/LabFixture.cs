using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

[assembly: AssemblyFixture(typeof(LabFixture))]

namespace Cake.KubeCache.Integration.Lab;

/// <summary>
/// Throw-away nodes on this machine (<c>tests/lab</c>): n1 containerd, n2 docker, n3 containers-storage, and where <c>newer-runtimes.sh</c> was run
/// n4 a newer containerd, n5 a newer docker with the containerd image store; with a registry.
/// Started once for all tests, in a state folder, with ports and network namespaces of its own; a test that needs it calls
/// <see cref="Require()"/>, which skips where the lab cannot be.
/// </summary>
public sealed class LabFixture : IAsyncLifetime
{
    /// <summary>Number of the node with a newer containerd; see <see cref="Require(int)"/>.</summary>
    internal const int NewerContainerd = 4;

    /// <summary>Number of the node with a newer docker and its containerd image store; see <see cref="Require(int)"/>.</summary>
    internal const int NewerDocker = 5;

    private static readonly string Newer = Environment.GetEnvironmentVariable("KC_NEWER") is { Length: > 0 } named ? named : Path.Combine(FolderOfScripts(), "..", "..", "artifacts", "lab", "newer");
    private static readonly string[] Needed = ["containerd", "ctr", "dockerd", "docker", "podman", "skopeo", "sshd", "docker-registry", "ip", "sudo", "nsenter", "unshare"];
    private readonly string _prefix = "k" + Random.Shared.Next(100, 999).ToString(CultureInfo.InvariantCulture);
    private readonly int _firstPort = FreePorts();
    private readonly Lock _starting = new();
    private string? _why;

    /// <summary>Keys, known_hosts and the nodes' file systems. On a real file system: overlayfs cannot lie on overlayfs.</summary>
    internal string State { get; } = Path.Combine(Environment.GetEnvironmentVariable("KUBECACHE_LAB") ?? "/var/tmp", "kubecache-lab-" + Guid.NewGuid().ToString("N")[..8]);

    /// <summary>The registry on the host's loopback.</summary>
    internal int RegistryPort => _firstPort + 9;

    /// <summary>A root login key that the nodes accept.</summary>
    internal string KeyFile => Path.Combine(State, "id_ed25519");

    /// <summary>Host keys of the nodes.</summary>
    internal string KnownHosts => Path.Combine(State, "known_hosts");

    /// <summary>How tests connect: nothing of the caller's own home or agent.</summary>
    internal ConnectSettings Settings => new()
    {
        KnownHostsFiles = [KnownHosts],
        Environment = new Dictionary<string, string> { ["HOME"] = State, ["USER"] = "nobody", ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" },
    };

    /// <summary>Nothing: the lab starts with the first test that needs it, so that runs of other tests never do.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(State))
        {
            await RunAsync("lab-down.sh", "--purge");
        }
    }

    /// <summary>Starts the lab if nobody did yet; skips the calling test where there can be none.</summary>
    internal void Require()
    {
        lock (_starting)
        {
            _why ??= WhyNot() ?? StartAsync().GetAwaiter().GetResult();
        }

        Assert.SkipWhen(_why.Length > 0, _why);
    }

    /// <summary>As <see cref="Require()"/>, and skips where the node of that number is one with a newer runtime that is not there.</summary>
    internal void Require(int number)
    {
        Require();
        Assert.SkipUnless(HasNewer || number is not (NewerContainerd or NewerDocker), "the newer runtimes are not there: bash tests/lab/newer-runtimes.sh artifacts/lab/newer");
    }

    private static bool HasNewer => File.Exists(Path.Combine(Newer, "made"));

    private async Task<string> StartAsync()
    {
        Directory.CreateDirectory(State);
        var (code, output) = await RunAsync("lab-up.sh");
        return code == 0 ? "" : $"the lab did not start: {output}";
    }

    /// <summary>A node of the lab as an inventory would name it.</summary>
    internal Node Node(int number, ContainerRuntime runtime) => new()
    {
        Name = $"n{number}",
        Connection = Connection(number),
        Runtime = runtime,
        ReleaseDirectory = "/opt/releases",
    };

    /// <summary>A root login on a node.</summary>
    internal SshConnection Connection(int number) => new() { Host = "127.0.0.1", Port = PortOf(number), User = "root", PrivateKeyFile = KeyFile };

    /// <summary>The loopback port of a node's sshd.</summary>
    internal int PortOf(int number) => _firstPort + number;

    /// <summary>A file of a node, seen from outside.</summary>
    internal string PathOn(int number, string path) => $"{State}/n{number}/root{path}";

    /// <summary>Runs a command on a node, past SSH.</summary>
    internal async Task<string> OnAsync(int number, string script)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(State, $"n{number}", "init.pid"))).Trim();
        var start = new ProcessStartInfo("nsenter") { ArgumentList = { "-a", "-t", pid, "sh", "-c", $"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; {script}" } };
        var (code, output) = await OutputAsync(start);
        return code == 0 ? output : throw new InvalidOperationException($"on n{number}: {script}: exit code {code}: {output}");
    }

    /// <summary>Takes a node's power away; its disk stays.</summary>
    internal async Task PowerOffAsync(int number)
    {
        var pid = int.Parse((await File.ReadAllTextAsync(Path.Combine(State, $"n{number}", "init.pid"))).Trim(), CultureInfo.InvariantCulture);
        // The first process of its namespace: the kernel ends everything inside with it.
        using var init = Process.GetProcessById(pid);
        init.Kill();
        await init.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Starts what is not running.</summary>
    internal async Task PowerOnAsync()
    {
        var (code, output) = await RunAsync("lab-up.sh");
        Assert.True(code == 0, output);
    }

    /// <summary>Runs one more sshd on a node, with other options, on a loopback port of its own.</summary>
    internal async Task WithSshdAsync(int number, string options, Func<int, Task> work)
    {
        var port = FreePorts();
        var pid = (await File.ReadAllTextAsync(Path.Combine(State, $"n{number}", "init.pid"))).Trim();
        using var sshd = Process.Start(new ProcessStartInfo("nsenter", ["-m", "-u", "-i", "-p", "-t", pid, "/usr/sbin/sshd", "-D", "-e", "-o", $"ListenAddress=127.0.0.1:{port}", "-o", "PidFile=none", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardError = true,
        })!;
        try
        {
            var line = await sshd.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(10));
            Assert.Contains("listening", line, StringComparison.Ordinal);
            await work(port);
        }
        finally
        {
            sshd.Kill(entireProcessTree: true);
        }
    }

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "the lab needs root on Linux";
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin", "/usr/local/sbin"]);
        var missing = Needed.Where(tool => !folders.Any(f => File.Exists(Path.Combine(f, tool)))).ToList();
        return missing.Count == 0 ? null : $"the lab needs {string.Join(", ", missing)} (Debian: containerd runc docker.io podman conmon skopeo docker-registry openssh-server iproute2 sudo)";
    }

    private static int FreePorts()
    {
        // Ten neighbouring ports: ask the system for one that is free and take those above it.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Math.Min(((IPEndPoint)listener.LocalEndpoint).Port, 65_000);
    }

    private static string FolderOfScripts()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var scripts = Path.Combine(folder, "tests", "lab");
            if (File.Exists(Path.Combine(scripts, "lab-up.sh")))
            {
                return scripts;
            }
        }

        throw new DirectoryNotFoundException("tests/lab is not above " + AppContext.BaseDirectory);
    }

    private async Task<(int Code, string Output)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash") { ArgumentList = { Path.Combine(FolderOfScripts(), script) } };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KC_LAB"] = State;
        start.Environment["KC_PREFIX"] = _prefix;
        start.Environment["KC_NET"] = $"10.{100 + (_firstPort % 100)}.{Environment.ProcessId % 250}";
        start.Environment["KC_PORT0"] = _firstPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["KC_NODES"] = "n1:containerd n2:docker n3:podman" + (HasNewer ? " n4:containerd-new n5:docker-new" : "");
        start.Environment["KC_NEWER"] = Newer;
        start.Environment["KC_REGPORT"] = RegistryPort.ToString(CultureInfo.InvariantCulture);
        return await OutputAsync(start);
    }

    private static async Task<(int Code, string Output)> OutputAsync(ProcessStartInfo start)
    {
        // Daemons that the scripts start keep inherited pipes open, so the output goes through a file.
        var file = Path.GetTempFileName();
        var shell = new ProcessStartInfo("bash") { ArgumentList = { "-c", "\"$@\" > \"$KC_OUTPUT\" 2>&1 < /dev/null", "bash", start.FileName } };
        foreach (var argument in start.ArgumentList)
        {
            shell.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in start.Environment)
        {
            shell.Environment[name] = value;
        }

        shell.Environment["KC_OUTPUT"] = file;
        using var process = Process.Start(shell)!;
        await process.WaitForExitAsync();
        var output = await File.ReadAllTextAsync(file);
        File.Delete(file);
        return (process.ExitCode, output);
    }
}
