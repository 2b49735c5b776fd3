namespace Cake.KubeCache.Model;

/// <summary>The <c>download_*</c> family and its kin, as one host resolves them.</summary>
public sealed record DownloadSettings
{
    /// <summary><c>download_run_once</c>.</summary>
    public bool RunOnce { get; init; } = true;

    /// <summary><c>download_localhost</c>.</summary>
    public bool Localhost { get; init; } = true;

    /// <summary><c>download_force_cache</c>.</summary>
    public bool ForceCache { get; init; }

    /// <summary><c>download_keep_remote_cache</c>.</summary>
    public bool KeepRemoteCache { get; init; }

    /// <summary><c>download_always_pull</c>: tags are resolved anew in every run.</summary>
    public bool AlwaysPull { get; init; }

    /// <summary><c>skip_downloads</c>: variables are evaluated and nothing is downloaded.</summary>
    public bool SkipDownloads { get; init; }

    /// <summary><c>download_container</c>: whether images are downloaded at all.</summary>
    public bool Containers { get; init; } = true;

    /// <summary><c>download_delegate</c>: <c>localhost</c> or an inventory name; null when it cannot be told.</summary>
    public string? Delegate { get; init; }

    /// <summary><c>download_cache_dir</c> where the inventory (not the catalogue) sets it, else null.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary><c>download_retries</c>: attempts in all, at least 1.</summary>
    public int Retries { get; init; } = 4;

    /// <summary><c>retry_stagger</c>: base of the back-off.</summary>
    public TimeSpan RetryStagger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>download_validate_certs</c>.</summary>
    public bool ValidateCertificates { get; init; } = true;

    /// <summary><c>kubecache_allow_unverified</c>: files without any checksum are taken and locked at first use.</summary>
    public bool AllowUnverified { get; init; }

    /// <summary>
    /// <c>kubecache_delivery</c>; else what <c>download_run_once</c> and <c>download_localhost</c> come to where the inventory (not the catalogue alone)
    /// sets one of them; else push.
    /// </summary>
    public DeliveryMode Mode { get; init; } = DeliveryMode.Push;

    /// <summary><c>kubecache_pin_images</c>: images are kept from the kubelet's garbage collection.</summary>
    public bool PinImages { get; init; }

    /// <summary><c>kubecache_fanout</c>: to how many neighbours at a time a node passes on what it has; 0 for not at all.</summary>
    public int Fanout { get; init; }

    /// <summary>Proxies and certificate authorities.</summary>
    public ProxySettings Proxy { get; init; } = ProxySettings.None;

    /// <summary>Mirrors, credentials and insecure registries.</summary>
    public IReadOnlyList<RegistrySettings> Registries { get; init; } = [];
}

/// <summary><c>http_proxy</c>, <c>https_proxy</c>, <c>no_proxy</c>, <c>https_proxy_cert_file</c>.</summary>
/// <param name="Http">Proxy URL for http, or null.</param>
/// <param name="Https">Proxy URL for https, or null.</param>
/// <param name="No">Hosts, suffixes and CIDR blocks that are reached directly, comma-separated; or null.</param>
/// <param name="CertificateFile">PEM file of certificate authorities to trust besides the system's; or null.</param>
public sealed record ProxySettings(string? Http, string? Https, string? No, string? CertificateFile)
{
    /// <summary>Direct connections, the system's certificate authorities.</summary>
    public static ProxySettings None { get; } = new(null, null, null, null);
}

/// <summary>How one registry is reached, gathered from the containerd, cri-o and docker variables.</summary>
public sealed record RegistrySettings
{
    /// <summary>
    /// Host and optional port as references name it, such as <c>docker.io</c>; or a longer prefix such as <c>quay.io/team</c>, <c>*.example.org</c> for all
    /// subdomains, <c>_default</c> for the mirrors of whatever has none of its own.
    /// </summary>
    public required string Registry { get; init; }

    /// <summary>containerd's name for every registry that has no entry of its own.</summary>
    internal const string Default = "_default";

    /// <summary>Mirrors to try in order before the registry itself.</summary>
    public IReadOnlyList<RegistryMirror> Mirrors { get; init; } = [];

    /// <summary>Whether plain HTTP is allowed to the registry itself.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Whether the registry's certificate goes unverified.</summary>
    public bool SkipVerify { get; init; }

    /// <summary>Whether pulling from it is forbidden.</summary>
    public bool Blocked { get; init; }

    /// <summary>User name, or null.</summary>
    public string? Username { get; init; }

    /// <summary>Password, or null.</summary>
    public Secret? Password { get; init; }

    /// <summary>Identity (refresh) token, or null.</summary>
    public Secret? IdentityToken { get; init; }
}

/// <summary>A place that serves a registry's images.</summary>
/// <param name="Url">Base URL with scheme, host, optional port and optional path prefix.</param>
/// <param name="SkipVerify">Whether its certificate goes unverified.</param>
/// <param name="Prefix">What a repository path gets put in front of it there; empty for none.</param>
public sealed record RegistryMirror(string Url, bool SkipVerify = false, string Prefix = "")
{
    /// <summary>PEM file of a certificate authority for this mirror, or null.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>PEM file of a client certificate, or null.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of the client certificate's key, or null.</summary>
    public string? ClientKeyFile { get; init; }
}
