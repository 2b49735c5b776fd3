using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>What inventory and catalogue come to.</summary>
internal sealed class ClusterConfig(IReadOnlyList<HostConfig> hosts, IReadOnlyList<Fault> warnings, IReadOnlyCollection<ResolvedRange> ranges)
{
    /// <summary>The hosts that the limits leave, in the order of the inventory.</summary>
    public IReadOnlyList<HostConfig> Hosts { get; } = hosts;

    /// <summary>What is doubtful but no error.</summary>
    public IReadOnlyList<Fault> Warnings { get; } = warnings;

    /// <summary>Ranges of versions that were resolved so far: complete once every host was evaluated.</summary>
    public IReadOnlyCollection<ResolvedRange> Ranges { get; } = ranges;

    /// <summary>Evaluates every host.</summary>
    /// <param name="factsOf">The facts of each.</param>
    /// <exception cref="KubeCacheException">The faults of all hosts together; one that several hosts share is told once.</exception>
    public IReadOnlyDictionary<string, HostDownloads> EvaluateAll(Func<HostConfig, HostFacts> factsOf)
    {
        var result = new Dictionary<string, HostDownloads>(StringComparer.Ordinal);
        var faults = new List<Fault>();
        foreach (var host in Hosts)
        {
            try
            {
                result.Add(host.Name, host.Evaluate(factsOf(host)));
            }
            catch (KubeCacheException exception) when (exception.Kind == ErrorKind.Input)
            {
                faults.AddRange(exception.Faults);
            }
        }

        return faults.Count == 0 ? result : throw new KubeCacheException(ErrorKind.Input, FaultList.Collapse(faults));
    }
}
