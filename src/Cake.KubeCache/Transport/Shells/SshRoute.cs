using System.Net;
using Renci.SshNet;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Where to open the TCP connection for an endpoint: itself, or a forwarded port that leads there.</summary>
internal sealed class SshRoute : IAsyncDisposable
{
    private readonly Func<ValueTask> _close;

    private SshRoute(string host, int port, Func<ValueTask> close) => (Host, Port, _close) = (host, port, close);

    /// <summary>Name or address to connect to.</summary>
    public string Host { get; }

    /// <summary>TCP port.</summary>
    public int Port { get; }

    /// <summary>What the way itself says about why it does not work; empty when it says nothing.</summary>
    public Func<string> Complaint { get; private init; } = () => "";

    /// <summary>Opens the way: directly, through a jump host, or through a proxy command.</summary>
    /// <exception cref="Model.KubeCacheException">The jump host cannot be logged in to.</exception>
    public static async Task<SshRoute> OpenAsync(SshEndpoint endpoint, ConnectSettings settings, CancellationToken cancellationToken)
    {
        if (endpoint.Jump is { } jump)
        {
            return await ThroughAsync(jump, endpoint, settings, cancellationToken);
        }

        if (endpoint.ProxyCommand is { } command)
        {
            var proxy = ProxyCommandListener.Start(endpoint, command);
            return new SshRoute(IPAddress.Loopback.ToString(), proxy.Port, proxy.DisposeAsync) { Complaint = () => proxy.Complaint };
        }

        return new SshRoute(endpoint.Host, endpoint.Port, () => ValueTask.CompletedTask);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _close();

    private static async Task<SshRoute> ThroughAsync(SshEndpoint jump, SshEndpoint endpoint, ConnectSettings settings, CancellationToken cancellationToken)
    {
        var outer = await OpenAsync(jump, settings, cancellationToken);
        try
        {
            var (client, credentials, _) = await SshLogin.ConnectAsync(jump, outer, settings, cancellationToken);
            var forward = new ForwardedPortLocal(IPAddress.Loopback.ToString(), endpoint.Host, (uint)endpoint.Port);
            client.AddForwardedPort(forward);
            forward.Start();
            return new SshRoute(IPAddress.Loopback.ToString(), (int)forward.BoundPort, async () =>
            {
                forward.Dispose();
                client.Dispose();
                credentials.Dispose();
                await outer.DisposeAsync();
            });
        }
        catch
        {
            await outer.DisposeAsync();
            throw;
        }
    }
}
