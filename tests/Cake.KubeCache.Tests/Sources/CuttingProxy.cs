using System.Net;
using System.Net.Sockets;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A TCP proxy in front of a loopback server that cuts its first connection after so many bytes from the server; later ones pass.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly long _after;
    private readonly bool _reset;
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    private CuttingProxy(int server, long after, bool reset) => (_server, _after, _reset) = (server, after, reset);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts { get; private set; }

    /// <summary>Starts one.</summary>
    /// <param name="server">Port of the server.</param>
    /// <param name="after">Bytes from the server that pass before the cut.</param>
    /// <param name="reset">Whether by RST; else by FIN, as when a server dies.</param>
    public static CuttingProxy Start(int server, long after, bool reset)
    {
        var proxy = new CuttingProxy(server, after, reset);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                serving.Add(ServeAsync(client, Interlocked.Increment(ref _connections) == 1));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, bool cut)
    {
        using var own = client;
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server);
        var up = client.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
        try
        {
            await DownAsync(server.GetStream(), client, cut);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One of the two has gone, or the test is over.
        }

        client.Close();
        server.Close();
        await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DownAsync(NetworkStream server, TcpClient client, bool cut)
    {
        var (buffer, passed, read) = (new byte[16 * 1024], 0L, 0);
        while ((read = await server.ReadAsync(buffer, _stop.Token)) > 0)
        {
            var pass = cut ? (int)Math.Min(read, _after - passed) : read;
            await client.GetStream().WriteAsync(buffer.AsMemory(0, pass), _stop.Token);
            passed += pass;
            if (pass < read)
            {
                // What was sent must arrive before the reset overtakes it.
                await Task.Delay(100, _stop.Token);
                client.LingerState = new LingerOption(_reset, 0);
                Cuts++;
                return;
            }
        }
    }
}
