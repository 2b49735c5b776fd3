using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>A plan, its graph and how the items ended → a run report.</summary>
/// <param name="plan">The plan.</param>
/// <param name="graph">Its graph.</param>
/// <param name="results">How the items ended.</param>
/// <param name="prunesNodes">Whether what nothing wants on a node is to go.</param>
internal sealed class ReportBuilder(Plan plan, RunGraph graph, IReadOnlyDictionary<string, WorkResult> results, bool prunesNodes = false)
{
    private readonly Dictionary<string, StoredArtifact?> _stored = plan.Artifacts.ToDictionary(a => a.Artifact.ContentKey, a => a.Stored, StringComparer.Ordinal);

    /// <summary>One entry for each distinct content that the store has or is to have.</summary>
    public IReadOnlyList<FetchReport> Artifacts() => [.. plan.Artifacts.Where(a => a.State != FetchState.OnNodes).Select(Artifact)];

    /// <summary>One entry for each node.</summary>
    public IReadOnlyList<NodeReport> Nodes(IReadOnlyDictionary<string, TimeSpan> probeTook) => [.. plan.Nodes.Select(n => new NodeReport
    {
        Node = n.Node.Name,
        ProbeTook = probeTook.GetValueOrDefault(n.Node.Name),
        Error = n.Unreachable?.ToString(),
        Deliveries = [.. n.Deliveries.Select(d => Delivery(n, d))],
        Extras = [.. n.Extras.Select(e => Extra(n, e))],
    })];

    private FetchReport Artifact(PlannedArtifact content)
    {
        var result = results.GetValueOrDefault(RunGraph.FetchKey(content.Artifact));
        var fetched = graph.Fetched(content.Artifact);
        return new FetchReport
        {
            Artifact = content.Artifact.Name,
            Title = content.Artifact.Title,
            State = result is not null ? State(result.State) : content.State == FetchState.Cached ? StepState.UpToDate : StepState.Pending,
            Size = fetched?.Stored.Size ?? content.Stored?.Size,
            BytesReceived = fetched?.BytesReceived ?? 0,
            Started = result?.Started ?? TimeSpan.Zero,
            Took = result?.Took ?? TimeSpan.Zero,
            Notes = fetched?.Notes ?? [],
            Error = Error(result),
        };
    }

    private DeliveryReport Delivery(PlannedNode node, PlannedDelivery planned)
    {
        var result = results.GetValueOrDefault(RunGraph.DeliveryKey(node, planned.Artifact));
        var done = graph.Delivered(node, planned.Artifact);
        var state = (result, done) switch
        {
            _ when node.Unreachable is not null => StepState.Blocked,
            (null, _) => planned.State == DeliveryState.UpToDate ? StepState.UpToDate : StepState.Pending,
            ({ State: WorkState.Succeeded }, { Step: null }) => StepState.UpToDate,
            _ => State(result.State),
        };
        return new DeliveryReport
        {
            Artifact = planned.Artifact.Name,
            Title = planned.Artifact.Title,
            State = state,
            Reason = node.Unreachable is not null ? "the node was not reached" : done?.Checked.Reason ?? planned.Reason,
            Size = (done?.Step?.Downloaded ?? graph.Fetched(planned.Artifact)?.Stored ?? _stored.GetValueOrDefault(planned.Artifact.ContentKey))?.Size,
            BytesSent = done?.Step?.BytesSent ?? 0,
            BytesDownloaded = done?.Step?.BytesDownloaded ?? 0,
            Started = result?.Started ?? TimeSpan.Zero,
            Took = result?.Took ?? TimeSpan.Zero,
            Notes = done?.Step?.Notes ?? [],
            Error = Error(result),
        };
    }

    private ExtraReport Extra(PlannedNode node, NodeExtra extra)
    {
        var result = results.GetValueOrDefault(RunGraph.RemovalKey(node, extra));
        return new ExtraReport
        {
            Kind = extra.IsImage ? "image" : "file",
            Name = extra.Name,
            State = result is not null ? State(result.State) : prunesNodes ? StepState.Pending : StepState.UpToDate,
            Error = Error(result),
        };
    }

    private static StepState State(WorkState state) => state switch
    {
        WorkState.Succeeded => StepState.Done,
        WorkState.Failed => StepState.Failed,
        WorkState.Blocked => StepState.Blocked,
        _ => StepState.Canceled,
    };

    private string? Error(WorkResult? result) => result switch
    {
        { Error: { } error } => error.Message,
        { State: WorkState.Blocked } => $"not tried: '{graph.Label(result.BlockedBy!)}' failed",
        _ => null,
    };
}
