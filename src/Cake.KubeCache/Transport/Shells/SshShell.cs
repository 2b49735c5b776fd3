using System.Diagnostics;
using System.Net.Sockets;
using Cake.KubeCache.Model;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Runs scripts over one SSH connection.</summary>
internal sealed class SshShell : INodeShell
{
    /// <summary>What starting a process on the node takes, about.</summary>
    private static readonly TimeSpan ProcessStart = TimeSpan.FromMilliseconds(5);

    private readonly SessionPlaces _sessions = new();
    private readonly SshClient _client;
    private readonly SshCredentials _credentials;
    private readonly ConnectSettings _settings;
    private readonly Node _node;
    private readonly IAsyncDisposable? _route;
    private TimeSpan? _roundTrip;

    private SshShell(Node node, SshLogin login, ConnectSettings settings, IAsyncDisposable? route) =>
        (_node, _client, _credentials, _settings, _route) = (node, login.Client, login.Credentials, settings, route);

    /// <inheritdoc/>
    public PeerAddress? Peer { get; private init; }

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="KubeCacheException">
    /// The host does not answer (<see cref="ErrorKind.Reconnect"/>); its key is unknown or changed, or nothing that was offered let us in (<see cref="ErrorKind.GiveUp"/>).
    /// </exception>
    public static async Task<SshShell> ConnectAsync(Node node, SshEndpoint endpoint, ConnectSettings settings, CancellationToken cancellationToken)
    {
        SshThreads.Provide();
        var route = await SshRoute.OpenAsync(endpoint, settings, cancellationToken);
        try
        {
            var login = await SshLogin.ConnectAsync(endpoint, route, settings, cancellationToken);
            return new SshShell(node, login, settings, route)
            {
                Peer = login.HostKey is { } key ? new PeerAddress(endpoint.User, endpoint.Host, endpoint.Port, key) : null,
            };
        }
        catch
        {
            await route.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var wrapped = PrivilegedScript.Wrap(command, _node.Privilege);
            var result = await _sessions.RunAsync(() => new SshExec(_client, _settings).RunAsync(wrapped, cancellationToken), command.Lasting, cancellationToken);
            PrivilegedScript.Check(result, _node.Privilege, _node.Name);
            return result;
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or EndOfStreamException or TimeoutException or SessionRefusedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new KubeCacheException(ErrorKind.Reconnect, new Fault($"the connection to {_node.Name} broke") { Got = e.Message }, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TimeSpan> RoundTripAsync(CancellationToken cancellationToken)
    {
        if (_roundTrip is not { } known)
        {
            // Opening a channel is one round trip, a command on it another.
            var clock = Stopwatch.StartNew();
            await RunAsync(new ShellCommand("exit 0"), cancellationToken);
            _roundTrip = known = (clock.Elapsed - ProcessStart) / 2;
        }

        return known;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Disconnecting waits for the peer; a dead peer must not hold up the end of the run.
        await Task.WhenAny(Task.Run(_client.Dispose), Task.Delay(TimeSpan.FromSeconds(1)));
        _credentials.Dispose();
        if (_route is not null)
        {
            await _route.DisposeAsync();
        }
    }
}
