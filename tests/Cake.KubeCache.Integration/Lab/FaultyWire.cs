using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Cake.KubeCache.Integration.Lab;

/// <summary>A TCP proxy on loopback that delays, cuts or stalls: kernels in sandboxes often have no netem.</summary>
internal sealed class FaultyWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _target;
    private readonly TimeSpan _delay;
    private long _fromClient;
    private long _faultAt = long.MaxValue;
    private bool _stalls;
    private volatile bool _stalled;

    /// <summary>Forwards to a loopback port, each way after half of the round trip.</summary>
    public FaultyWire(int target, TimeSpan roundTrip)
    {
        (_target, _delay) = (target, roundTrip / 2);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were taken.</summary>
    public int Connections => _sockets.Count / 2;

    /// <summary>Bytes that came from the client.</summary>
    public long FromClient => Volatile.Read(ref _fromClient);

    /// <summary>Cuts all connections once, after so many more bytes from the client.</summary>
    public void CutAfter(long bytes) => (_stalls, _faultAt) = (false, FromClient + bytes);

    /// <summary>Forwards nothing more on the connections that are open, after so many more bytes; new ones work.</summary>
    public void StallAfter(long bytes) => (_stalls, _faultAt) = (true, FromClient + bytes);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        _stop.Dispose();
    }

    private void Cut()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                _sockets.Add(client);
                _sockets.Add(server);
                _stalled = false;
                _ = PumpAsync(client, server, true);
                _ = PumpAsync(server, client, false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Cut();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool fromClient)
    {
        // What is under way is bounded by the ends' own windows, as on a real wire.
        var wire = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        var writing = WriteAsync(wire.Reader, to);
        var stalled = false;
        var buffer = new byte[1 << 17];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var read)
            {
                if (fromClient && Interlocked.Add(ref _fromClient, read) >= Volatile.Read(ref _faultAt))
                {
                    _faultAt = long.MaxValue;
                    if (!_stalls)
                    {
                        Cut();
                        return;
                    }

                    _stalled = true;
                }

                stalled |= _stalled;
                if (!stalled)
                {
                    await wire.Writer.WriteAsync((Environment.TickCount64 + (long)_delay.TotalMilliseconds, buffer[..read]));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            to.Close();
        }

        wire.Writer.Complete();
        await writing;
        if (to.Connected)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private async Task WriteAsync(ChannelReader<(long Due, byte[] Bytes)> wire, Socket to)
    {
        try
        {
            await foreach (var (due, bytes) in wire.ReadAllAsync(_stop.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(wait), _stop.Token);
                }

                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            to.Close();
        }
    }
}
