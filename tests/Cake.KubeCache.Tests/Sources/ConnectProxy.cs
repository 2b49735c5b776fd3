using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A proxy that only tunnels (RFC 9110, 9.3.6), for one user, and leads every tunnel to one loopback server, whatever host is asked for.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly string _user;
    private Task _accepting = Task.CompletedTask;

    private ConnectProxy(int server, string user) => (_server, _user) = (server, user);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was tunnelled to: host and port as the client asked for them.</summary>
    public ConcurrentQueue<string> Tunnels { get; } = [];

    /// <summary>First lines of requests other than CONNECT.</summary>
    public ConcurrentQueue<string> Others { get; } = [];

    /// <summary>Starts one.</summary>
    /// <param name="server">Port of the server behind it.</param>
    /// <param name="user">Name and password, separated by a colon.</param>
    public static ConnectProxy Start(int server, string user)
    {
        var proxy = new ConnectProxy(server, user);
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
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        try
        {
            while (await ReadHeadAsync(client.GetStream()) is { Count: > 0 } head)
            {
                var words = head[0].Split(' ');
                if (words[0] != "CONNECT")
                {
                    Others.Enqueue(head[0]);
                    await SayAsync(client, "405 Method Not Allowed");
                }
                else if (head.Contains("Proxy-Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(_user))))
                {
                    Tunnels.Enqueue(words[1]);
                    await TunnelAsync(client);
                    return;
                }
                else
                {
                    await SayAsync(client, "407 Proxy Authentication Required");
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone, or the test is over.
        }
    }

    private async Task<List<string>> ReadHeadAsync(NetworkStream stream)
    {
        // A client that asks for a tunnel sends nothing behind the empty line before it has the answer.
        var (head, buffer) = (new StringBuilder(), new byte[4096]);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, _stop.Token) is not (> 0 and var read))
            {
                return [];
            }

            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return [.. head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private async Task SayAsync(TcpClient client, string status) => await client.GetStream().WriteAsync(
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"), _stop.Token);

    private async Task TunnelAsync(TcpClient client)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
        await client.GetStream().WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
        var up = client.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
        var down = server.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
        await Task.WhenAny(up, down);
        client.Close();
        server.Close();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
