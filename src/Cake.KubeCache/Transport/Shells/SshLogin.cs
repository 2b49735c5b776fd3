using System.Net.Sockets;
using Cake.KubeCache.Model;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Makes a logged-in SSH.NET client of an endpoint: ciphers, host key, credentials, and what went wrong in words.</summary>
/// <param name="Client">The connection.</param>
/// <param name="Credentials">What was offered; disposed with the connection.</param>
/// <param name="HostKey">The host's key as in known_hosts, type and base64; null where it showed a certificate.</param>
internal sealed record SshLogin(SshClient Client, SshCredentials Credentials, string? HostKey)
{
    /// <summary>Connects, checks the host's key and logs in.</summary>
    /// <exception cref="KubeCacheException">As for <see cref="SshShell.ConnectAsync"/>.</exception>
    public static async Task<SshLogin> ConnectAsync(SshEndpoint endpoint, SshRoute route, ConnectSettings settings, CancellationToken cancellationToken)
    {
        var known = KnownHosts.Load(endpoint);
        var credentials = SshCredentials.Gather(endpoint);
        var client = new SshClient(new ConnectionInfo(route.Host, route.Port, endpoint.User, credentials.Methods) { Timeout = settings.Timeout, RetryAttempts = 1 });
        Fault? distrust = null;
        string? hostKey = null;
        try
        {
            PreferGcm(client.ConnectionInfo);
            if (endpoint.Password is null && !settings.CarriesSecrets)
            {
                PreferNativeExchange(client.ConnectionInfo);
            }

            PreferKnownKeys(client.ConnectionInfo, known);
            client.KeepAliveInterval = TimeSpan.FromSeconds(15);
            client.HostKeyReceived += (_, e) =>
            {
                distrust = HostKeyCheck.Judge(known, endpoint, e);
                e.CanTrust = distrust is null;
                hostKey = e.Certificate is null ? $"{HostKeyCheck.KeyType(e.HostKeyName)} {Convert.ToBase64String(e.HostKey)}" : null;
            };
            await client.ConnectAsync(cancellationToken).WaitAsync(settings.Timeout + settings.Timeout, cancellationToken);
            return new SshLogin(client, credentials, hostKey);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or ProxyException or TimeoutException or InvalidOperationException)
        {
            client.Dispose();
            var failure = Explain(e, endpoint, distrust, new Offer(credentials, route.Complaint()));
            credentials.Dispose();
            throw failure;
        }
        catch
        {
            client.Dispose();
            credentials.Dispose();
            throw;
        }
    }

    /// <summary>AES-GCM first: it is encryption and authentication in one pass of the processor's own instructions.</summary>
    private static void PreferGcm(ConnectionInfo info)
    {
        var all = info.Encryptions.ToList();
        info.Encryptions.Clear();
        foreach (var (name, cipher) in all.OrderBy(c => c.Key.StartsWith("aes128-gcm", StringComparison.Ordinal) ? 0 : c.Key.Contains("-gcm", StringComparison.Ordinal) ? 1 : 2))
        {
            info.Encryptions.Add(name, cipher);
        }
    }

    /// <summary>
    /// Elliptic curves of the system's own library first. SSH.NET puts the exchanges in front that withstand a quantum computer; it computes them in managed
    /// code, for a tenth of a second on every connection, which is most of what a run takes that finds nothing to do. What travels is public software; where
    /// passwords do, too, they stay in front.
    /// </summary>
    private static void PreferNativeExchange(ConnectionInfo info)
    {
        var all = info.KeyExchangeAlgorithms.ToList();
        info.KeyExchangeAlgorithms.Clear();
        foreach (var (name, exchange) in all.OrderBy(a => a.Key.StartsWith("ecdh-sha2-nistp256", StringComparison.Ordinal) ? 0 : 1))
        {
            info.KeyExchangeAlgorithms.Add(name, exchange);
        }
    }

    /// <summary>A host has several keys and shows one that we ask for: ask for a kind that known_hosts has.</summary>
    private static void PreferKnownKeys(ConnectionInfo info, KnownHosts known)
    {
        var all = info.HostKeyAlgorithms.ToList();
        info.HostKeyAlgorithms.Clear();
        foreach (var (name, algorithm) in all.OrderBy(a => Rank(a.Key)))
        {
            info.HostKeyAlgorithms.Add(name, algorithm);
        }

        int Rank(string algorithm)
        {
            var certificate = algorithm.Contains("-cert-", StringComparison.Ordinal);
            if (certificate)
            {
                // Certificates only help where an authority is trusted for the host.
                return known.HasAuthority ? 0 : 3;
            }

            var type = algorithm.StartsWith("rsa-sha2", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
            return known.KeyTypes.Contains(type) ? 1 : 2;
        }
    }

    private static KubeCacheException Explain(Exception e, SshEndpoint endpoint, Fault? distrust, Offer offer)
    {
        if (distrust is not null)
        {
            return new KubeCacheException(ErrorKind.GiveUp, distrust, e);
        }

        if (e is SshAuthenticationException or SshPassPhraseNullOrEmptyException)
        {
            return new KubeCacheException(ErrorKind.GiveUp, new Fault($"{endpoint.Name} does not let us in as {endpoint.Address}")
            {
                Got = e.Message,
                Expected = $"one of what was offered to be right: {offer.Credentials.Offered}",
                Hint = offer.Credentials.PassedOver is { } passed ? $"not offered: {passed}" : $"try: ssh -p {endpoint.Port} {endpoint.User}@{endpoint.Host}",
            }, e);
        }

        var unknownName = e is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData };
        return new KubeCacheException(unknownName ? ErrorKind.GiveUp : ErrorKind.Reconnect, new Fault($"cannot connect to {endpoint.Name} ({endpoint.Address})")
        {
            Got = offer.Complaint.Length > 0 ? $"{e.Message} The proxy command says: {offer.Complaint}" : e.Message,
            Hint = unknownName ? "the name does not resolve: set ansible_host" : null,
        }, e);
    }

    private sealed record Offer(SshCredentials Credentials, string Complaint);
}
