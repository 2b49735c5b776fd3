using System.Collections.Concurrent;
using System.Diagnostics;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Engine;

/// <summary>One connection and one probe for each node of a run, made side by side and kept open until the run ends.</summary>
internal sealed class NodePool : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, NodeSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _took = new(StringComparer.Ordinal);

    /// <summary>Time of connecting and probing, by node.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ProbeTook => _took;

    /// <summary>The open session of a node.</summary>
    public NodeSession this[string node] => _sessions[node];

    /// <summary>The session of a node, connected to now where no probe did.</summary>
    /// <exception cref="KubeCacheException">The node does not answer or does not let us in.</exception>
    public async Task<NodeSession> OpenAsync(Node node, ConnectSettings settings, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(node.Name, out var session))
        {
            session = _sessions[node.Name] = await NodeSession.ConnectAsync(node, settings with { CarriesSecrets = true }, cancellationToken);
        }

        return session;
    }

    /// <summary>Connects to every host and probes it. A node that does not answer is a finding, not an error.</summary>
    /// <param name="cluster">The hosts.</param>
    /// <param name="memory">Remembered facts: they say which files to look at before the node's architecture is known.</param>
    /// <param name="settings">How to connect.</param>
    /// <param name="atOnce">How many at a time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<PlanHost>> ProbeAsync(ClusterView cluster, NodeMemory memory, ConnectSettings settings, int atOnce, CancellationToken cancellationToken)
    {
        var hosts = new PlanHost[cluster.Hosts.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, hosts.Length),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (i, ct) => hosts[i] = await ProbeAsync(cluster, cluster.Hosts[i], memory, settings, ct)).ConfigureAwait(false);
        return hosts;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_sessions.Values.Select(s => s.DisposeAsync().AsTask()));

    private async Task<PlanHost> ProbeAsync(ClusterView cluster, HostConfig host, NodeMemory memory, ConnectSettings settings, CancellationToken cancellationToken)
    {
        var expected = cluster.Evaluate(host, memory.Recall(host.Name));
        var clock = Stopwatch.StartNew();
        try
        {
            var session = await NodeSession.ConnectAsync(expected.Node, settings with { CarriesSecrets = expected.Settings.Mode != DeliveryMode.Push }, cancellationToken);
            _sessions[host.Name] = session;
            var asked = Destinations(expected);
            var facts = await session.ProbeAsync(asked, cancellationToken);
            var planned = cluster.Evaluate(host, facts);

            // Only where the node turned out to be of another kind than expected: its files are other files.
            var more = Destinations(planned).Except(asked).ToList();
            if (more.Count > 0)
            {
                facts = await session.ProbeAsync([.. asked, .. more], cancellationToken);
                planned = planned with { Facts = facts };
            }

            session.PinImages = planned.Settings.PinImages;
            memory.Keep(facts);
            return planned;
        }
        catch (KubeCacheException e) when (e.Kind != ErrorKind.Input)
        {
            return expected with { Facts = null, Unreachable = e.Faults[0] };
        }
        finally
        {
            _took[host.Name] = clock.Elapsed;
        }
    }

    private static HashSet<string> Destinations(PlanHost host) =>
        host.Artifacts.OfType<FileArtifact>().Select(f => f.Destination).OfType<string>().ToHashSet(StringComparer.Ordinal);
}
