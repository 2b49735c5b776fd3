using Cake.KubeCache.Execution;
using Spectre.Console;

namespace Cake.KubeCache.Presentation;

/// <summary>A run report for people: what, how much, how long.</summary>
internal static class RunTables
{
    /// <summary>Shows the report.</summary>
    public static void Show(CakeRunLog log, RunReport report)
    {
        if (report.Artifacts.Any(a => a.State != StepState.UpToDate))
        {
            log.Show(() => Artifacts(report), report.Artifacts.Select(Line));
        }

        if (report.Nodes.Count > 0)
        {
            log.Show(() => Nodes(report), report.Nodes.Select(Line));
        }

        log.Information(Total(report));
    }

    /// <summary><c>artifact kubelet: done, kubelet, 112 MB, 0.9 s</c>.</summary>
    public static string Line(FetchReport a) =>
        $"artifact {a.Artifact}: {a.State.Text()}, {a.Title}{(a.Size is { } size ? ", " + Units.Bytes(size) : "")}" +
        (a.State == StepState.Done ? $", {Units.Bytes(a.BytesReceived)} received in {Units.Duration(a.Took)}" : "") +
        (a.Notes.Count > 0 ? $" ({string.Join("; ", a.Notes)})" : "");

    /// <summary><c>node node1: done, 3 pushed, 2 up to date, 112 MB sent, 1.2 s</c>, and what it lacks.</summary>
    public static string Line(NodeReport n)
    {
        var line = $"node {n.Node}: {n.State.Text()}, {Count(n, StepState.Done)} pushed, {Count(n, StepState.UpToDate)} up to date, {Units.Bytes(n.BytesSent)} sent, {(n.BytesDownloaded > 0 ? Units.Bytes(n.BytesDownloaded) + " downloaded, " : "")}{Units.Duration(Busy(n))}";
        var lacks = n.Lacking.Count == 0 ? "" : $", lacks {string.Join(", ", n.Lacking)}";
        return line + lacks + string.Concat(n.Extras.GroupBy(e => e.State).Select(g => $", extra {ExtraWord(g.Key)}: {string.Join(" ", g.Select(e => e.Name))}"));
    }

    /// <summary>What becomes of something that nothing wants any more.</summary>
    public static string ExtraWord(StepState state) => state switch
    {
        StepState.UpToDate => "left there",
        StepState.Done => "removed",
        StepState.Pending => "to be removed",
        _ => state.Text(),
    };

    /// <summary>The last line of a run.</summary>
    public static string Total(RunReport report)
    {
        var deliveries = report.Nodes.Sum(n => n.Deliveries.Count);
        if (report.UpToDate)
        {
            return $"Up to date: {Plural(report.Artifacts.Count, "artifact")} cached, {Plural(report.Nodes.Count, "node")} with {Plural(deliveries, "delivery", "deliveries")} in place, nothing moved, {Units.Duration(report.Took)}";
        }

        var fetched = report.Artifacts.Count(a => a.State == StepState.Done);
        var pushed = report.Nodes.Sum(n => Count(n, StepState.Done));
        var text = $"{report.Verb}: {fetched} of {Plural(report.Artifacts.Count, "artifact")} fetched ({Units.Bytes(report.BytesReceived)}), {pushed} of {Plural(deliveries, "delivery", "deliveries")} pushed ({Units.Bytes(report.BytesSent)}{(report.BytesDownloadedByNodes > 0 ? ", " + Units.Bytes(report.BytesDownloadedByNodes) + " downloaded by the nodes" : "")}), {Units.Duration(report.Took)}";
        var bad = report.Nodes.Where(n => !n.State.IsGood()).Select(n => n.Node).ToList();
        return bad.Count == 0 ? text : $"{text}; not as planned: {string.Join(", ", bad)}";
    }

    private static Table Artifacts(RunReport report)
    {
        var notes = report.Artifacts.Any(a => a.Notes.Count > 0);
        string[] columns = ["artifact", "what", "state", "size", "received", "time", .. notes ? ["notes"] : Array.Empty<string>()];
        var table = Framed(columns);
        foreach (var a in report.Artifacts)
        {
            Text[] cells =
            [
                Cell(a.Artifact), Cell(a.Title), State(a.State), Cell(a.Size is { } s ? Units.Bytes(s) : "?"), Cell(Units.Bytes(a.BytesReceived)), Cell(Units.Duration(a.Took)),
                .. notes ? [Cell(string.Join("; ", a.Notes))] : Array.Empty<Text>(),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    private static Table Nodes(RunReport report)
    {
        var extras = report.Nodes.Any(n => n.Extras.Count > 0);
        string[] columns = ["node", "state", "pushed", "up to date", "sent", "time", "lacks", .. extras ? ["extra"] : Array.Empty<string>()];
        var table = Framed(columns);
        foreach (var n in report.Nodes)
        {
            Text[] cells =
            [
                Cell(n.Node), State(n.State), Cell(Text(Count(n, StepState.Done))), Cell(Text(Count(n, StepState.UpToDate))), Cell(Units.Bytes(n.BytesSent)), Cell(Units.Duration(Busy(n))),
                Cell(string.Join(", ", n.Lacking)),
                .. extras ? [Cell(string.Join(", ", n.Extras.Select(e => $"{e.Name} ({ExtraWord(e.State)})")))] : Array.Empty<Text>(),
            ];
            table.AddRow(cells);
        }

        return table;
    }

    private static Table Framed(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(column);
        }

        return table;
    }

    private static Text Cell(string text) => new(text);

    private static Text State(StepState state) => new Text(state.Text(), state switch
    {
        StepState.UpToDate => new Style(Color.Grey),
        StepState.Done => new Style(Color.Green),
        StepState.Pending => new Style(Color.Yellow),
        _ => new Style(Color.Red),
    });

    private static int Count(NodeReport node, StepState state) => node.Deliveries.Count(d => d.State == state);

    // From the first delivery's start to the last one's end: deliveries of a node overlap.
    private static TimeSpan Busy(NodeReport node)
    {
        var worked = node.Deliveries.Where(d => d.Took > TimeSpan.Zero).ToList();
        return worked.Count == 0 ? node.ProbeTook : worked.Max(d => d.Started + d.Took) - worked.Min(d => d.Started);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Plural(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? one + "s")}";
}
