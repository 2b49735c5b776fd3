using System.Collections;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>How a run fetches.</summary>
internal sealed record FetchSettings
{
    /// <summary>The settings of hosts that have none of their own.</summary>
    public DownloadSettings Download { get; init; } = new();

    /// <summary>Whether tags are resolved anew (<c>--refresh</c>).</summary>
    public bool Refresh { get; init; }

    /// <summary>Whether what comes is to be locked: files without a checksum are taken.</summary>
    public bool Locking { get; init; }

    /// <summary>Transfers at once.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>Transfers at once with one host; 0 for no limit of its own.</summary>
    public int MaxPerHost { get; init; }

    /// <summary>Bandwidth limit in bytes per second, or null. Ignored where <see cref="Limiter"/> is given.</summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>A bandwidth limit shared with others, such as the pushes; or null.</summary>
    public RateLimiter? Limiter { get; init; }

    /// <summary>How long a server may send next to nothing.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Image archives (docker-save or OCI; tar or folder) that are looked into before a registry is asked.</summary>
    public IReadOnlyList<string> ImageArchives { get; init; } = [];

    /// <summary>A <c>download_cache_dir</c> that Kubespray's download role filled, looked into before anything is downloaded; or null.</summary>
    public string? KubesprayCache { get; init; }

    /// <summary>A Docker engine such as <c>unix:///var/run/docker.sock</c> whose images are taken before a registry is asked; or null.</summary>
    public string? DockerEngine { get; init; }

    /// <summary>Makes the clients of a node that makes the requests in this machine's place; null for this machine's own.</summary>
    public Func<IHttpClients>? Clients { get; init; }

    /// <summary>Environment variables: <c>DOCKER_CONFIG</c>, <c>HOME</c>, <c>PATH</c>, and proxies where the inventory has none. This process' own by default.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
}
