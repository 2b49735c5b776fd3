using Cake.KubeCache.Model;
using Cake.KubeCache.Sources.Archives;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Registry;

namespace Cake.KubeCache.Sources;

/// <summary>What all fetches of a run share, whatever host they are for.</summary>
internal sealed class FetchShared(ContentStore store, FetchSettings settings) : IDisposable
{
    public ContentStore Store { get; } = store;

    public FetchSettings Settings { get; } = settings;

    public IHttpClients Clients { get; } = settings.Clients?.Invoke() ?? new HttpClientPool();

    public TransferGate Gate { get; } = new(settings.MaxConcurrency, settings.MaxPerHost);

    /// <summary>For short exchanges: they do not wait behind long downloads.</summary>
    public TransferGate Questions { get; } = new(Math.Max(8, settings.MaxConcurrency), settings.MaxPerHost);

    public BodyReceiver Receiver { get; } = new(settings.StallTimeout, settings.Limiter ?? (settings.MaxBytesPerSecond is { } rate ? new RateLimiter(rate) : null));

    public CredentialBook Credentials { get; } = new(settings.Environment);

    /// <summary>Downloads under way, by the id of what they make.</summary>
    public SharedWork<string, Landed> Downloads { get; } = new();

    /// <summary>What downloads will still write.</summary>
    public SpaceLedger Space { get; } = new(store.Layout);

    /// <summary>What is known of sizes before anybody is asked.</summary>
    public ExpectedSizes Sizes { get; } = new(store);

    /// <summary>Image archives that were opened.</summary>
    public OpenArchives Archives { get; } = new(store.Layout);

    /// <inheritdoc/>
    public void Dispose()
    {
        Archives.Dispose();
        Clients.Dispose();
    }
}

/// <summary>What fetches for hosts of equal settings share.</summary>
internal sealed class FetchSession
{
    public FetchSession(FetchShared shared, DownloadSettings settings)
    {
        (Shared, Settings) = (shared, settings);
        // This machine's environment says nothing about the way out of another.
        Proxy = shared.Settings.Clients is null ? ProxyRules.Resolve(settings.Proxy, shared.Settings.Environment) : settings.Proxy;
        Rounds = new RetryRounds(settings.Retries, settings.RetryStagger);
        Registry = new RegistryClient(shared.Clients, new RegistryContext(settings, Proxy, shared.Credentials));
    }

    public FetchShared Shared { get; }

    public ContentStore Store => Shared.Store;

    public DownloadSettings Settings { get; }

    public ProxySettings Proxy { get; }

    public RetryRounds Rounds { get; }

    public RegistryClient Registry { get; }

    /// <summary>The client for servers that the inventory says nothing particular about.</summary>
    public HttpClient Client => Shared.Clients.Get(RegistryEndpoints.Tls(Settings, skip: false, authority: null), Proxy);
}
