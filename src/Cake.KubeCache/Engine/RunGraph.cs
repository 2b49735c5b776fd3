using System.Collections.Concurrent;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Transport;

namespace Cake.KubeCache.Engine;

/// <summary>
/// A plan as a graph of work: one item for each content to fetch, one for each delivery, each delivery after its fetch. A node's
/// push starts as soon as one of its artifacts is in the store, while others still download.
/// </summary>
internal sealed class RunGraph
{
    private const string DownloadLane = "downloads";
    private const string PushLane = "pushes";

    private readonly Plan _plan;
    private readonly RunSteps _steps;
    private readonly RunProgress _progress;
    private readonly IReadOnlyList<IReadOnlyList<PlannedNode>> _batches;
    private readonly Dictionary<string, PlannedArtifact> _contents;
    private readonly Lazy<Dictionary<string, string>> _labels;
    private readonly ConcurrentDictionary<string, FetchStep> _fetched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task>> _prepared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DeliveryStep? Step, PlannedDelivery Checked)> _delivered = new(StringComparer.Ordinal);

    /// <summary>Builds the graph.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="steps">How.</param>
    /// <param name="progress">Who watches.</param>
    /// <param name="batches">Which nodes are changed after which; null for all at once.</param>
    public RunGraph(Plan plan, RunSteps steps, RunProgress progress, Batches? batches = null)
    {
        (_plan, _steps, _progress) = (plan, steps, progress);
        _labels = new Lazy<Dictionary<string, string>>(Labels);
        _batches = batches?.Divide(plan.Nodes) ?? [plan.Nodes];
        _contents = plan.Artifacts.ToDictionary(a => a.Artifact.ContentKey, StringComparer.Ordinal);
        Work = new WorkGraph([.. FetchItems(), .. DeliveryItems(), .. RemovalItems(), .. AfterItems(), .. BatchItems()]);
    }

    /// <summary>The items that have something to do.</summary>
    public WorkGraph Work { get; }

    /// <summary>Places by lane.</summary>
    public Dictionary<string, int> Limits(RunLimits limits)
    {
        var lanes = new Dictionary<string, int>(StringComparer.Ordinal) { [DownloadLane] = limits.Downloads, [PushLane] = limits.Pushes };
        foreach (var node in _plan.Nodes)
        {
            lanes[NodeLane(node, image: false)] = RunLimits.FilesPerNode;
            lanes[NodeLane(node, image: true)] = RunLimits.ImagesPerNode;
        }

        return lanes;
    }

    /// <summary>The item that fetches a content.</summary>
    public static string FetchKey(Artifact artifact) => "fetch " + artifact.ContentKey;

    /// <summary>The item that delivers an artifact to a node.</summary>
    public static string DeliveryKey(PlannedNode node, Artifact artifact) => $"push {node.Node.Name} {artifact.Name} {artifact.ContentKey}";

    /// <summary>The item that ends a node's push, where the caller wants to be told.</summary>
    public static string AfterKey(PlannedNode node) => $"after {node.Node.Name}";

    /// <summary>The item that removes from a node what nothing wants there.</summary>
    public static string RemovalKey(PlannedNode node, NodeExtra extra) => $"remove {node.Node.Name} {extra.Name}";

    /// <summary>What people call an item: without the content key that makes it unique.</summary>
    public string Label(string key) => _labels.Value.GetValueOrDefault(key, key);

    /// <summary>What a fetch did, once it is done.</summary>
    public FetchStep? Fetched(Artifact artifact) => _fetched.GetValueOrDefault(artifact.ContentKey);

    /// <summary>What a delivery did, and how the artifact stood when it began, once it is done.</summary>
    public (DeliveryStep? Step, PlannedDelivery Checked)? Delivered(PlannedNode node, Artifact artifact) =>
        _delivered.TryGetValue(DeliveryKey(node, artifact), out var done) ? done : null;

    private IEnumerable<WorkItem> FetchItems() => _steps.Fetch is not { } fetch
        ? []
        : _plan.Artifacts.Where(a => a.State is FetchState.Missing or FetchState.Refresh).Select(content => new WorkItem
        {
            Key = FetchKey(content.Artifact),
            Lanes = [DownloadLane],
            // The large first. What nothing is known of may be large; images are what blocks nodes longest.
            Priority = content.Stored?.Size ?? _steps.SizeOf(content.Artifact) ?? TransferGate.UnknownSize + (content.Artifact is ImageArtifact ? 1 : 0),
            Work = ct => Watched($"fetch {content.Artifact.Name}", async transfer =>
            {
                var step = await fetch(content, transfer, ct);
                _fetched[content.Artifact.ContentKey] = step;
                return $"fetched {content.Artifact.Title}, {Units.Bytes(step.BytesReceived)} received";
            }),
        });

    private IEnumerable<WorkItem> DeliveryItems()
    {
        if (_steps.Deliver is not { } deliver)
        {
            yield break;
        }

        foreach (var (node, batch) in _batches.SelectMany((nodes, batch) => nodes.Select(n => (n, batch))))
        {
            foreach (var delivery in ToDeliver(node))
            {
                var artifact = delivery.Artifact;
                yield return new WorkItem
                {
                    Key = DeliveryKey(node, artifact),
                    Needs = [.. !delivery.ByNode && WillFetch(artifact) ? [FetchKey(artifact)] : Array.Empty<string>(), .. batch > 0 ? [BatchKey(batch)] : Array.Empty<string>()],
                    // What a node downloads for itself takes nothing from the others.
                    Lanes = delivery.ByNode ? [NodeLane(node, artifact is ImageArtifact)] : [NodeLane(node, artifact is ImageArtifact), PushLane],
                    Priority = _contents[artifact.ContentKey].Stored?.Size ?? 0,
                    Work = delivery.ByNode ? ct => DownloadAsync(node, delivery, ct) : ct => DeliverAsync(node, artifact, deliver, ct),
                };
            }
        }
    }

    // Once everything else is on the node: what replaces the old may share its content.
    private IEnumerable<WorkItem> RemovalItems() => _steps.Remove is not { } remove
        ? []
        : _plan.Nodes.SelectMany(node => node.Extras.Select(extra => new WorkItem
        {
            Key = RemovalKey(node, extra),
            Needs = [.. ToDeliver(node).Select(d => DeliveryKey(node, d.Artifact)), .. BatchOf(node) is > 0 and var batch ? [BatchKey(batch)] : Array.Empty<string>()],
            Lanes = [NodeLane(node, extra.IsImage)],
            Work = ct => Watched($"remove {node.Node.Name} {extra.Name}", async _ =>
            {
                await PrepareAsync(node.Node.Name);
                await remove(node, extra, ct);
                return "removed, nothing wants it there";
            }),
        }));

    // The gate before each batch but the first: open when all nodes of the batch before it are as they should be.
    private IEnumerable<WorkItem> BatchItems() => _steps.Deliver is null ? [] : Enumerable.Range(1, _batches.Count - 1).Select(batch => new WorkItem
    {
        Key = BatchKey(batch),
        Needs = [.. _batches[batch - 1].SelectMany(Changes), .. batch > 1 ? [BatchKey(batch - 1)] : Array.Empty<string>()],
        Work = _ => _batches[batch - 1].FirstOrDefault(n => n.Unreachable is not null) is { } missing
            ? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the nodes after {missing.Node.Name} are left alone: it was not reached"))
            : Task.CompletedTask,
    });

    private IEnumerable<string> Changes(PlannedNode node) =>
    [
        .. ToDeliver(node).Select(d => DeliveryKey(node, d.Artifact)),
        .. _steps.Remove is null ? [] : node.Extras.Select(e => RemovalKey(node, e)),
        .. _steps.AfterNode is not null && HasChanges(node) ? [AfterKey(node)] : Array.Empty<string>(),
    ];

    private int BatchOf(PlannedNode node) => _batches.Index().First(b => b.Item.Contains(node)).Index;

    private bool HasChanges(PlannedNode node) => ToDeliver(node).Any() || (_steps.Remove is not null && node.Extras.Count > 0);

    // One for each node with something to deliver: it ends when all that is done, and then tells the caller.
    private IEnumerable<WorkItem> AfterItems() => _steps.AfterNode is not { } after || _steps.Deliver is null
        ? []
        : _plan.Nodes.Where(HasChanges).Select(node => new WorkItem
        {
            Key = AfterKey(node),
            Needs = [.. Changes(node).Where(k => k != AfterKey(node))],
            Work = _ => _prepared.ContainsKey(node.Node.Name) ? after(node.Node.Name) : Task.CompletedTask,
        });

    private IEnumerable<PlannedDelivery> ToDeliver(PlannedNode node) => node.Unreachable is not null
        ? []
        : node.Deliveries.Where(d => d.State != DeliveryState.UpToDate || (d.ByNode ? d.Recheck : MayChange(d.Artifact)));

    // The caller is told once a node, by the delivery that comes first; the others wait for that.
    private Task PrepareAsync(string node) => _prepared.GetOrAdd(node, n => new Lazy<Task>(() => _steps.BeforeNode?.Invoke(n) ?? Task.CompletedTask)).Value;

    private async Task DeliverAsync(PlannedNode node, Artifact artifact, Func<PlannedNode, Artifact, StoredArtifact, ITransferProgress, CancellationToken, Task<DeliveryStep>> deliver, CancellationToken cancellationToken)
    {
        var stored = Fetched(artifact)?.Stored ?? _contents[artifact.ContentKey].Stored
            ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{artifact.Title} cannot be pushed to {node.Node.Name}: it is not in the cache") { Hint = "run Fetch or Provision first" });
        var check = DeliveryCheck.Compare(artifact, stored, node.Facts);
        if (check.State == DeliveryState.UpToDate)
        {
            // Only what was fetched just now could tell.
            _delivered[DeliveryKey(node, artifact)] = (null, check);
            return;
        }

        await Watched($"push {node.Node.Name} {artifact.Name}", async transfer =>
        {
            await PrepareAsync(node.Node.Name);
            var step = await deliver(node, artifact, stored, transfer, cancellationToken);
            _delivered[DeliveryKey(node, artifact)] = (step, check);
            return $"pushed {artifact.Title}, {Units.Bytes(step.BytesSent)} sent";
        });
    }

    private Task DownloadAsync(PlannedNode node, PlannedDelivery delivery, CancellationToken cancellationToken) => Watched($"push {node.Node.Name} {delivery.Artifact.Name}", async transfer =>
    {
        await PrepareAsync(node.Node.Name);
        var step = await _steps.Download!(node, delivery, transfer, cancellationToken);
        _delivered[DeliveryKey(node, delivery.Artifact)] = (step, delivery);
        return step is null ? $"{delivery.Artifact.Title} is up to date" : $"downloaded {delivery.Artifact.Title}, {Units.Bytes(step.BytesDownloaded)} by {node.Node.Name} itself";
    });

    private bool WillFetch(Artifact artifact) => _steps.Fetch is not null && _contents[artifact.ContentKey].State is FetchState.Missing or FetchState.Refresh;

    // What the node has equals what the store has, and the store's may be replaced in this run.
    private bool MayChange(Artifact artifact) => _steps.Fetch is not null && _contents[artifact.ContentKey].State == FetchState.Refresh;

    private async Task Watched(string what, Func<ITransferProgress, Task<string>> work)
    {
        var transfer = _progress.Begin(what);
        try
        {
            _progress.End(transfer, await work(transfer));
        }
        catch (OperationCanceledException)
        {
            _progress.End(transfer, "stopped");
            throw;
        }
        catch (Exception e)
        {
            _progress.Fail(transfer, e.Message);
            throw;
        }
    }

    private Dictionary<string, string> Labels()
    {
        var labels = _plan.Artifacts.ToDictionary(a => FetchKey(a.Artifact), a => $"fetch {a.Artifact.Name}", StringComparer.Ordinal);
        foreach (var node in _plan.Nodes)
        {
            foreach (var delivery in node.Deliveries)
            {
                labels[DeliveryKey(node, delivery.Artifact)] = $"push {node.Node.Name} {delivery.Artifact.Name}";
            }
        }

        return labels;
    }

    private static string BatchKey(int batch) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"batch {batch + 1}");

    private static string NodeLane(PlannedNode node, bool image) => (image ? "images of " : "files of ") + node.Node.Name;
}
