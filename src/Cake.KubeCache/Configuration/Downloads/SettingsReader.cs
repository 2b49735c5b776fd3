using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>The <c>download_*</c> family and its kin of one host.</summary>
internal static class SettingsReader
{
    /// <summary>Reads the settings. What neither catalogue nor inventory says is as in <see cref="DownloadSettings"/>.</summary>
    /// <param name="variables">The host's variables.</param>
    /// <param name="isOwn">Whether a variable is set by something else than the catalogue.</param>
    public static DownloadSettings Read(TypedVariables variables, Func<string, bool> isOwn)
    {
        var defaults = new DownloadSettings();
        var once = variables.Flag("download_run_once", defaults.RunOnce);
        var localhost = variables.Flag("download_localhost", defaults.Localhost);
        // A catalogue's defaults are no wish: Kubespray's let every node download for itself, which nobody who runs this has asked for.
        var wished = isOwn("download_run_once") || isOwn("download_localhost");
        return new DownloadSettings
        {
            RunOnce = once,
            Localhost = localhost,
            ForceCache = variables.Flag("download_force_cache", defaults.ForceCache),
            KeepRemoteCache = variables.Flag("download_keep_remote_cache", defaults.KeepRemoteCache),
            AlwaysPull = variables.Flag("download_always_pull", defaults.AlwaysPull),
            SkipDownloads = variables.Flag("skip_downloads", defaults.SkipDownloads),
            Containers = variables.Flag("download_container", defaults.Containers),
            Delegate = variables.Text("download_delegate") ?? (localhost ? "localhost" : FirstControlPlane(variables)),
            CacheDirectory = isOwn("download_cache_dir") ? variables.Text("download_cache_dir") : null,
            Retries = Math.Max(1, variables.Number("download_retries", defaults.Retries)),
            RetryStagger = TimeSpan.FromSeconds(Math.Max(0, variables.Number("retry_stagger", (int)defaults.RetryStagger.TotalSeconds))),
            ValidateCertificates = variables.Flag("download_validate_certs", defaults.ValidateCertificates),
            AllowUnverified = variables.Flag("kubecache_allow_unverified", defaults.AllowUnverified),
            Mode = Mode(variables) ?? (wished, once, localhost) switch
            {
                (true, false, _) => DeliveryMode.Node,
                (true, true, false) => DeliveryMode.Delegate,
                _ => DeliveryMode.Push,
            },
            PinImages = variables.Flag("kubecache_pin_images", defaults.PinImages),
            Fanout = Math.Max(0, variables.Number("kubecache_fanout", defaults.Fanout)),
            Proxy = ProxyReader.Read(variables),
            Registries = new RegistryReader(variables).Read(),
        };
    }

    private static string? FirstControlPlane(TypedVariables variables) =>
        variables.Value("groups") is Mapping groups && groups.TryGet("kube_control_plane", out var hosts) && hosts is Sequence { Count: > 0 } list ? PythonText.Str(list[0]) : null;

    private static DeliveryMode? Mode(TypedVariables variables)
    {
        var text = variables.Text("kubecache_delivery");
        if (text is null)
        {
            return null;
        }

        if (Enum.TryParse<DeliveryMode>(text, ignoreCase: true, out var mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(text[0]))
        {
            return mode;
        }

        variables.Faults.Add(new Fault($"'kubecache_delivery' of {variables.Scope.Host} is no mode") { Got = text, Expected = "push, delegate or node" });
        return null;
    }
}
