using Cake.KubeCache.Planning;
using Cake.KubeCache.Targets;

namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>The targets of a plan and how they depend on one another, with the state that the plan gives each.</summary>
/// <param name="Targets">In the order of columns: fetches, what joins fetches in a large cluster, pushes, the whole.</param>
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
    /// <param name="Column">0 fetches, 1 what joins them, 2 pushes, 3 the whole.</param>
    /// <param name="Standing">How it stands.</param>
    public sealed record Target(string Name, string Detail, int Column, State Standing);

    /// <summary>The graph of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="prefix">What stands before each target's name; empty for nothing.</param>
    public static TargetGraph Of(Plan plan, string prefix)
    {
        var targets = new List<Target>();
        var edges = new List<(string, string)>();
        var whole = prefix + TargetNames.Provision;

        // The very needs that the targets are declared with: a picture of other edges than Cake's would explain nothing.
        var needs = PushNeeds.Of(plan);
        foreach (var group in plan.Artifacts.GroupBy(a => a.Artifact.Name))
        {
            var todo = group.Count(a => a.State is FetchState.Missing or FetchState.Refresh);
            targets.Add(new Target(prefix + TargetNames.Fetch(group.Key), string.Join(", ", group.Select(a => a.Artifact.Title).Distinct()), 0, todo == 0 ? State.UpToDate : State.Todo));
            edges.AddRange(TargetNeeds.OfFetch(group.First().Artifact, plan).Select(n => (prefix + TargetNames.Fetch(n), prefix + TargetNames.Fetch(group.Key))));
        }

        var standings = targets.ToDictionary(t => t.Name, t => t.Standing, StringComparer.Ordinal);
        foreach (var join in needs.Joins)
        {
            var fetches = join.Artifacts.Select(a => prefix + TargetNames.Fetch(a)).ToList();
            targets.Add(new Target(prefix + join.Name, $"{join.Artifacts.Count} artifacts, {join.Nodes} nodes", 1, fetches.TrueForAll(f => standings[f] == State.UpToDate) ? State.UpToDate : State.Todo));
            edges.AddRange(fetches.Select(f => (f, prefix + join.Name)));
        }

        foreach (var node in plan.Nodes)
        {
            var name = prefix + TargetNames.Push(node.Node.Name);
            targets.Add(new Target(name, $"{node.Deliveries.Count} artifacts, {node.Node.Runtime}", 2, Standing(node)));
            edges.AddRange(needs.Of(node).Select(f => (prefix + f, name)));
            edges.Add((name, whole));
        }

        var all = targets.Select(t => t.Standing).ToList();
        targets.Add(new Target(whole, $"{plan.Artifacts.Count} artifacts, {plan.Nodes.Count} nodes", 3, all.TrueForAll(s => s == State.UpToDate) ? State.UpToDate : State.Todo));
        return new TargetGraph(targets, edges);
    }

    private static State Standing(PlannedNode node) =>
        node.Unreachable is not null ? State.Broken
        : node.Deliveries.Any(d => d.State is DeliveryState.Missing or DeliveryState.Different) ? State.Todo
        : node.Deliveries.Any(d => d.State == DeliveryState.Unknown) ? State.Unknown
        : State.UpToDate;
}
