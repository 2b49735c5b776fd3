using System.Collections.Concurrent;
using Cake.KubeCache.Delivery;
using Cake.KubeCache.Delivery.Downloads;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport;

namespace Cake.KubeCache.Engine;

/// <summary>Nodes that download: for themselves, or as the delegate for all. Each makes its requests with its own tools and its own way out.</summary>
internal sealed class DownloadingNodes(ContentStore store, FetchSettings settings, RateLimiter? limiter) : IAsyncDisposable
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Lazy<Task<Fetcher>>> _delegates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<NodeFetcher>> _fetchers = new(StringComparer.Ordinal);

    /// <summary>Fetches into the store by way of a node.</summary>
    /// <param name="node">Its inventory name.</param>
    /// <param name="open">Connects to it.</param>
    public Task<Fetcher> DelegateAsync(string node, Func<Task<NodeSession>> open) =>
        _delegates.GetOrAdd(node, _ => new Lazy<Task<Fetcher>>(async () => new Fetcher(store, Of(await open())))).Value;

    /// <summary>Has a node download for itself.</summary>
    public NodeFetcher For(string node, NodeSession session) => _fetchers.GetOrAdd(node, _ => new Lazy<NodeFetcher>(() => new NodeFetcher(store, Of(session)))).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var fetcher in _fetchers.Values.Where(f => f.IsValueCreated))
        {
            fetcher.Value.Dispose();
        }

        foreach (var made in _delegates.Values.Where(d => d.IsValueCreated && d.Value.IsCompletedSuccessfully))
        {
            await (await made.Value).DisposeAsync();
        }
    }

    private FetchSettings Of(NodeSession session) => settings with
    {
        Clients = () => session.HttpClients(new NodeRequestLimits(Connecting, settings.StallTimeout, limiter?.BytesPerSecond)),
        // SSH.NET takes what the node sends whether it is read or not; so under a limit the node's own tool keeps it, and there is one at a time.
        MaxConcurrency = limiter is null ? settings.MaxConcurrency : 1,
    };
}
