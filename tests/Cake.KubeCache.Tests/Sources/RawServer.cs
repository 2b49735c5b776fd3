using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A server that answers every request with bytes as they are given, for answers that no real HTTP server would send.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, byte[]> _answer;
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    private RawServer(Func<string, byte[]> answer) => _answer = answer;

    public string Url => $"http://{_listener.LocalEndpoint}";

    public int Connections => _connections;

    /// <summary>Starts one.</summary>
    /// <param name="answer">The bytes of the answer, head and body, by the request's path.</param>
    public static RawServer Start(Func<string, byte[]> answer)
    {
        var server = new RawServer(answer);
        server._listener.Start();
        server._accepting = server.AcceptAsync();
        return server;
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
                Interlocked.Increment(ref _connections);
                serving.Add(ServeAsync(client));
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
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } request)
            {
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                {
                    // Headers do not matter.
                }

                await client.GetStream().WriteAsync(_answer(request.Split(' ')[1]), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone, or the test is over.
        }
    }
}
