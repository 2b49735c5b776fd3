using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>
/// Runs an OpenSSH <c>ProxyCommand</c> and makes its standard input and output reachable as a loopback port, because SSH.NET
/// connects to nothing but sockets. Takes one connection and listens no more.
/// </summary>
internal sealed class ProxyCommandListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TailText _complaint = new(2 << 10);
    private readonly Task _relay;

    private ProxyCommandListener(string commandLine)
    {
        _listener.Start(1);
        _relay = RelayAsync(commandLine);
    }

    /// <summary>The loopback port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The end of what the command printed on its standard error.</summary>
    public string Complaint => _complaint.ToString().Trim();

    /// <summary>Starts listening; the command starts with the connection.</summary>
    public static ProxyCommandListener Start(SshEndpoint endpoint, string command) => new(SshPaths.Tokens(command, endpoint));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _relay;
        _stop.Dispose();
    }

    private async Task RelayAsync(string commandLine)
    {
        try
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token);
            _listener.Stop();
            await using var wire = new NetworkStream(socket);
            using var process = Process.Start(new ProcessStartInfo("/bin/sh")
            {
                ArgumentList = { "-c", "exec " + commandLine },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            await using var kill = _stop.Token.Register(() => process.Kill(entireProcessTree: true));
            var complaint = _complaint.ReadAsync(process.StandardError.BaseStream);
            await Task.WhenAny(
                wire.CopyToAsync(process.StandardInput.BaseStream, _stop.Token),
                process.StandardOutput.BaseStream.CopyToAsync(wire, _stop.Token));
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await complaint;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException or SocketException)
        {
            // The end of either side is the end of the relay; the SSH client on the socket reports what that means.
            Trace.WriteLine($"proxy command ended: {e.Message}");
        }
    }
}
