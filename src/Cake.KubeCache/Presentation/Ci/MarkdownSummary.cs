using System.Globalization;
using System.Text;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Ci;

/// <summary>A run report as a few lines and tables of Markdown: what changed, for each node, bytes, and what the cache saved.</summary>
internal static class MarkdownSummary
{
    /// <summary>The text.</summary>
    public static string Write(RunReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {report.Verb}: {(report.Succeeded ? report.UpToDate ? "up to date" : "done" : "failed")}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Units.Bytes(report.BytesReceived)} received, {Units.Bytes(report.BytesSent)} sent in {Units.Duration(report.Took)}; {Units.Bytes(report.BytesSavedByCache)} were in the cache, {Units.Bytes(report.BytesSavedOnNodes)} on the nodes.\n");
        var changed = report.Artifacts.Where(a => a.State != StepState.UpToDate).ToList();
        if (changed.Count > 0)
        {
            text.Append("\n| artifact | what | state | received | time |\n| --- | --- | --- | ---: | ---: |\n");
            changed.ForEach(a => text.Append(CultureInfo.InvariantCulture, $"| {Cell(a.Artifact)} | {Cell(a.Title)} | {a.State.Text()} | {Units.Bytes(a.BytesReceived)} | {Units.Duration(a.Took)} |\n"));
        }

        if (report.Nodes.Count > 0)
        {
            text.Append("\n| node | state | pushed | up to date | sent | lacks |\n| --- | --- | ---: | ---: | ---: | --- |\n");
            foreach (var n in report.Nodes)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Cell(n.Node)} | {n.State.Text()} | {n.Deliveries.Count(d => d.State == StepState.Done)} | {n.Deliveries.Count(d => d.State == StepState.UpToDate)} | {Units.Bytes(n.BytesSent)} | {Cell(string.Join(", ", n.Lacking))} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
