using System.Collections.Concurrent;
using System.Net;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>
/// One pooled client per way of connecting: proxies and TLS differ between hosts of an inventory, connections are shared by all
/// downloads that agree on them.
/// </summary>
internal sealed class HttpClientPool : IHttpClients
{
    /// <summary>How this program names itself to servers.</summary>
    public static readonly string UserAgent = $"Cake.KubeCache/{typeof(HttpClientPool).Assembly.GetName().Version?.ToString(3)}";

    private readonly ConcurrentDictionary<(TlsProfile, ProxySettings), Lazy<HttpClient>> _clients = [];

    /// <inheritdoc/>
    public HttpClient Get(TlsProfile tls, ProxySettings proxy) =>
        _clients.GetOrAdd((tls, proxy), key => new Lazy<HttpClient>(() => Make(key.Item1, key.Item2))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private static HttpClient Make(TlsProfile tls, ProxySettings proxy)
    {
        var rules = new ProxyRules(proxy);
        var handler = new SocketsHttpHandler
        {
            // Redirects are followed by HttpExchange, which drops credentials on the way to another host.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseDrainSize = 64 * 1024,
            SslOptions = tls.Options(),
            Proxy = rules,
            UseProxy = true,
        };

        // HTTP/1.1 moves large bodies faster than HTTP/2 (no flow-control windows of its own).
        return new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultRequestHeaders = { { "User-Agent", UserAgent } },
        };
    }
}
