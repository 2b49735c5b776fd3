using Cake.KubeCache.Execution;
using Cake.KubeCache.Planning;
using Spectre.Console;

namespace Cake.KubeCache.Presentation;

/// <summary>A plan for people: artifacts by state, in total and for each node.</summary>
internal static class PlanTables
{
    private const int MostNames = 12;

    /// <summary>Shows the plan.</summary>
    public static void Show(CakeRunLog log, Plan plan)
    {
        log.Show(() => Contents(plan), plan.Artifacts.Select(a => $"artifact {a.Artifact.Name}: {Word(a.State)}, {a.Artifact.Title}, {Size(a)}, for {Names(a.Nodes, " ")}"));

        log.Show(() => Nodes(plan), plan.Nodes.Select(n => $"node {n.Node.Name}: {Count(n, DeliveryState.UpToDate)} up to date, {ToPush(n)} to push, {Count(n, DeliveryState.Unknown)} unknown{(Why(n).Length > 0 ? ", " + Why(n) : "")}"));
        log.Information(Total(plan));
    }

    /// <summary>The last line.</summary>
    public static string Total(Plan plan)
    {
        var known = plan.Artifacts.Sum(a => a.Stored?.Size ?? 0);
        return plan.UpToDate
            ? $"Up to date: {plan.Artifacts.Count} artifacts cached ({Units.Bytes(known)}), nothing to push"
            : $"Plan: {plan.Artifacts.Count(a => a.State == FetchState.Cached)} artifacts cached ({Units.Bytes(known)}), {plan.ToFetch} to fetch, {plan.Nodes.Sum(n => n.Deliveries.Count(d => d.State is DeliveryState.Missing or DeliveryState.Different))} deliveries to push, {plan.Nodes.Sum(n => n.Deliveries.Count(d => d.State == DeliveryState.Unknown))} unknown";
    }

    private static Table Contents(Plan plan)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("artifact", "what", "cache", "size", "nodes");
        foreach (var a in plan.Artifacts)
        {
            table.AddRow(new Text(a.Artifact.Name), new Text(a.Artifact.Title), new Text(Word(a.State)), new Text(Size(a)), new Text(Names(a.Nodes, ", ")));
        }

        return table;
    }

    private static Table Nodes(Plan plan)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("node", "platform", "runtime", "up to date", "to push", "unknown", "why");
        foreach (var n in plan.Nodes)
        {
            table.AddRow(new Text(n.Node.Name), new Text(n.Facts?.Machine ?? "?"), new Text($"{n.Node.Runtime}"), new Text(Count(n, DeliveryState.UpToDate)), new Text(ToPush(n)), new Text(Count(n, DeliveryState.Unknown)), new Text(Why(n)));
        }

        return table;
    }

    // Of a hundred names nobody reads more than a few; the plan's JSON has them all.
    private static string Names(IReadOnlyList<string> nodes, string separator) =>
        nodes.Count <= MostNames ? string.Join(separator, nodes) : $"{string.Join(separator, nodes.Take(MostNames - 1))}{separator}and {nodes.Count - MostNames + 1} more";

    private static string Word(FetchState state) => state switch
    {
        FetchState.Cached => "cached",
        FetchState.Missing => "to fetch",
        FetchState.OnNodes => "left to the nodes",
        _ => "to resolve anew",
    };

    private static string Size(PlannedArtifact a) => a.Stored is { } stored ? Units.Bytes(stored.Size) : "size unknown";

    private static string Count(PlannedNode node, DeliveryState state) => Text(node.Deliveries.Count(d => d.State == state));

    private static string ToPush(PlannedNode node) => Text(node.Deliveries.Count(d => d.State is DeliveryState.Missing or DeliveryState.Different));

    private static string Why(PlannedNode node) => node.Unreachable?.What ?? string.Join("; ", node.Deliveries
        .Where(d => d.State is DeliveryState.Different)
        .Select(d => $"{d.Artifact.Name}: {d.Reason}"));

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
