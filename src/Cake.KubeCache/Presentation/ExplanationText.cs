using Cake.KubeCache.Configuration;

namespace Cake.KubeCache.Presentation;

/// <summary>Where variables come from, as lines.</summary>
internal static class ExplanationText
{
    /// <summary>The variables that decide how artifacts travel; a plan shows what they came to.</summary>
    public static IReadOnlyList<string> DownloadFamily { get; } =
    [
        "download_run_once", "download_localhost", "download_delegate", "download_force_cache", "download_cache_dir", "download_keep_remote_cache",
        "download_always_pull", "download_container", "download_retries", "download_validate_certs", "skip_downloads", "local_release_dir",
        "kubecache_delivery", "kube_version", "container_manager",
    ];

    /// <summary>All layers that define a variable, the lowest first, the winner marked; hosts that agree stand together.</summary>
    public static IEnumerable<string> Layers(string variable, IEnumerable<VariableExplanation> hosts)
    {
        foreach (var group in hosts.GroupBy(e => (Value: e.Value ?? e.Problem?.ToString() ?? "not defined", Layers: Layers(e))))
        {
            yield return $"{variable} on {string.Join(", ", group.Select(e => e.Host))}: {group.Key.Value}{group.Key.Layers}";
        }
    }

    /// <summary>One line for a variable: what it came to and from where; several where hosts differ; none where nobody defines it.</summary>
    public static IEnumerable<string> Winner(string variable, IReadOnlyList<VariableExplanation> hosts) => hosts
        .Where(e => e.Definitions.Count > 0)
        .GroupBy(e => (e.Value ?? e.Problem?.What, Where: e.Definitions.Last(d => d.IsWinner)))
        .Select(g => $"{variable} = {g.Key.Item1} ({g.Key.Where.Where?.ToString() ?? g.Key.Where.Layer}){(g.Count() == hosts.Count ? "" : " on " + string.Join(", ", g.Select(e => e.Host)))}");

    private static string Layers(VariableExplanation explanation) =>
        string.Concat(explanation.Definitions.Select(d => $"\n  {(d.IsWinner ? "->" : "  ")} {d.Layer}{(d.Where is null ? "" : $" ({d.Where})")}: {d.Definition}"));
}
