using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>A server program as a child process on an ephemeral loopback port, ended by its own id.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly Process _process;

    private Daemon(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    /// <summary>Skips the test, with the reason, where a program is not installed.</summary>
    public static void Need(params string[] programs)
    {
        foreach (var program in programs)
        {
            Assert.SkipWhen(Find(program) is null, $"{program} is not installed");
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the program and waits until its port answers.</summary>
    public static async Task<Daemon> StartAsync(string program, int port, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, e) =>
        {
            lock (errors)
            {
                errors.Add(e.Data ?? "");
            }
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (var i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return new Daemon(process, port);
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(50);
            }
        }

        process.Kill();
        throw new InvalidOperationException($"{program} did not come up: {string.Join('\n', errors)}");
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
