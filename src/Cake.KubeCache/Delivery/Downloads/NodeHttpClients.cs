using System.Collections.Concurrent;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>Clients whose requests a node makes in this machine's place, with curl or wget.</summary>
/// <param name="run">Runs a script on the node, over a connection that is made anew where it broke.</param>
/// <param name="paths">The node's paths.</param>
/// <param name="limits">How long a request may take, and how fast it may be.</param>
internal sealed class NodeHttpClients(Func<ShellCommand, CancellationToken, Task<ShellResult>> run, NodePaths paths, NodeRequestLimits limits) : IHttpClients
{
    private readonly ConcurrentDictionary<(TlsProfile, ProxySettings), Lazy<HttpClient>> _clients = [];

    /// <inheritdoc/>
    public HttpClient Get(TlsProfile tls, ProxySettings proxy) => _clients.GetOrAdd((tls, proxy), key => new Lazy<HttpClient>(() => Make(new NodeRequest(key.Item1, key.Item2, limits)))).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpClient Make(NodeRequest request) => new(new NodeHttpHandler(run, paths, request))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", HttpClientPool.UserAgent } },
    };
}
