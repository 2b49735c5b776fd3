using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>The targets of a plan and how they depend on one another, with the state that the plan gives each.</summary>
/// <param name="Targets">In the order of columns: fetches, pushes, the join.</param>
/// <param name="Edges">From what is needed to what needs it.</param>
internal sealed record TargetGraph(IReadOnlyList<TargetGraph.Target> Targets, IReadOnlyList<(string From, string To)> Edges)
{
    /// <summary>How a target stands.</summary>
    public enum State
    {
        /// <summary>Nothing to do.</summary>
        UpToDate,

        /// <summary>Something to do.</summary>
        Todo,

        /// <summary>It cannot be told yet.</summary>
        Unknown,

        /// <summary>Its node cannot be reached.</summary>
        Broken,
    }

    /// <summary>One target.</summary>
    /// <param name="Name">Its Cake name.</param>
    /// <param name="Detail">A few words about it.</param>
    /// <param name="Column">0 fetches, 1 pushes, 2 the join.</param>
    /// <param name="Standing">How it stands.</param>
    public sealed record Target(string Name, string Detail, int Column, State Standing);

    /// <summary>The graph of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">What stands before each target's name; empty for nothing.</param>
    public static TargetGraph Of(Plan plan, string prefix)
    {
        var targets = new List<Target>();
        var edges = new List<(string, string)>();
        var join = prefix + TargetNames.Provision;
        foreach (var group in plan.Artifacts.GroupBy(a => a.Artifact.Name))
        {
            var todo = group.Count(a => a.State is FetchState.Missing or FetchState.Refresh);
            targets.Add(new Target(prefix + TargetNames.Fetch(group.Key), string.Join(", ", group.Select(a => a.Artifact.Title).Distinct()), 0, todo == 0 ? State.UpToDate : State.Todo));
        }

        foreach (var node in plan.Nodes)
        {
            var name = prefix + TargetNames.Push(node.Node.Name);
            targets.Add(new Target(name, $"{node.Deliveries.Count} artifacts, {node.Node.Runtime}", 1, Standing(node)));
            edges.AddRange(node.Deliveries.Select(d => prefix + TargetNames.Fetch(d.Artifact.Name)).Distinct().Select(f => (f, name)));
            edges.Add((name, join));
        }

        var all = targets.Select(t => t.Standing).ToList();
        targets.Add(new Target(join, $"{plan.Artifacts.Count} artifacts, {plan.Nodes.Count} nodes", 2, all.TrueForAll(s => s == State.UpToDate) ? State.UpToDate : State.Todo));
        return new TargetGraph(targets, edges);
    }

    private static State Standing(PlannedNode node) =>
        node.Unreachable is not null ? State.Broken
        : node.Deliveries.Any(d => d.State is DeliveryState.Missing or DeliveryState.Different) ? State.Todo
        : node.Deliveries.Any(d => d.State == DeliveryState.Unknown) ? State.Unknown
        : State.UpToDate;
}
