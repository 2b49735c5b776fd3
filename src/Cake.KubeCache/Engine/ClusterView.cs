using System.Collections;
using System.Collections.Concurrent;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>The configuration as the planner wants it: each host evaluated with the facts that are known of it.</summary>
internal sealed class ClusterView
{
    private readonly ClusterConfig _config;
    private readonly IReadOnlyList<ExtraArtifact> _extras;
    private readonly LockFile _locked;
    private readonly ConcurrentDictionary<Fault, byte> _warnings = new();

    private ClusterView(ClusterConfig config, IReadOnlyList<ExtraArtifact> extras, LockFile locked)
    {
        (_config, _extras, _locked) = (config, extras, locked);
        foreach (var warning in config.Warnings)
        {
            _warnings.TryAdd(warning, 0);
        }
    }

    /// <summary>The hosts, in the order of the inventory.</summary>
    public IReadOnlyList<HostConfig> Hosts => _config.Hosts;

    /// <summary>Ranges of versions as far as they were resolved.</summary>
    public IReadOnlyCollection<ResolvedRange> ResolvedRanges => _config.Ranges;

    /// <summary>Ranges of versions, and what each resolved to.</summary>
    public IEnumerable<string> Ranges => _config.Ranges.Select(r => $"{r.Variable} = {r.Version} ({(_locked.Versions.GetValueOrDefault(r.Variable) == r.Version ? $"locked, in {r.Range}" : $"the highest in {r.Range} that the catalogue has")})").Distinct();

    /// <summary>What reading and evaluating found doubtful, each once.</summary>
    public IReadOnlyList<Fault> Warnings => [.. _warnings.Keys.OrderBy(w => w.ToString(), StringComparer.Ordinal)];

    /// <summary>Reads inventory and catalogue.</summary>
    /// <param name="settings">What the caller set.</param>
    /// <param name="locked">What is locked of what they leave open.</param>
    /// <exception cref="KubeCacheException">The faults of all files together.</exception>
    public static ClusterView Load(KubeCacheSettings settings, LockFile locked) => new(
        ConfigurationLoader.Load(new ConfigurationRequest
        {
            Inventories = [.. settings.Inventories],
            Catalogue = settings.Catalogue,
            Sets = [.. settings.Variables],
            Limits = [.. settings.Limits],
            LockedVersions = locked.Versions,
            VaultPasswordFile = settings.VaultPasswordFile?.FullPath,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? ""),
        }),
        [.. settings.Artifacts],
        locked);

    /// <summary>What each host's <c>download_cache_dir</c> resolves to, where the inventory sets it.</summary>
    /// <exception cref="KubeCacheException">The faults of all hosts together.</exception>
    public IEnumerable<(string Host, string? Directory)> CacheDirectories() => EvaluateAll(_ => null).Select(h => (h.Node.Name, h.Settings.CacheDirectory));

    /// <summary>The layers that define a variable, for each host.</summary>
    public IEnumerable<VariableExplanation> Explain(string variable, Func<string, NodeFacts?> recall) =>
        Hosts.Select(h => h.Explain(variable, Facts(recall(h.Name))));

    /// <summary>All hosts for the planner, as far as they are known without asking them.</summary>
    /// <param name="recall">What is remembered of a host, or null.</param>
    /// <exception cref="KubeCacheException">The faults of all hosts together.</exception>
    public IReadOnlyList<PlanHost> EvaluateAll(Func<string, NodeFacts?> recall)
    {
        var facts = Hosts.ToDictionary(h => h.Name, h => recall(h.Name), StringComparer.Ordinal);
        var downloads = _config.EvaluateAll(h => Facts(facts[h.Name]));
        return [.. Hosts.Select(h => Host(h, downloads[h.Name], facts[h.Name]))];
    }

    /// <summary>One host for the planner.</summary>
    /// <param name="host">The host.</param>
    /// <param name="facts">Facts of a probe of this run, or remembered ones, or null for the defaults.</param>
    /// <exception cref="KubeCacheException">The faults of the host.</exception>
    public PlanHost Evaluate(HostConfig host, NodeFacts? facts) => Host(host, host.Evaluate(Facts(facts)), facts);

    private static HostFacts Facts(NodeFacts? facts) => facts is null ? HostFacts.Default : HostFacts.From(facts);

    private PlanHost Host(HostConfig host, HostDownloads downloads, NodeFacts? facts)
    {
        foreach (var warning in downloads.Warnings)
        {
            _warnings.TryAdd(warning, 0);
        }

        return new PlanHost
        {
            Node = host.Node,
            Groups = host.Groups,
            Artifacts = [.. downloads.Artifacts.Concat(_extras.Where(e => e.IsFor(host.Name, host.Groups)).Select(e => e.Artifact)).Select(_locked.Apply)],
            Settings = downloads.Settings,
            Downloads = downloads,
            Facts = facts,
        };
    }
}
