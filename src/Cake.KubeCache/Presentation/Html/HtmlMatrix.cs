using System.Text;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Html;

/// <summary>Nodes × artifacts: what each node got, had or lacks, with the reason behind each cell.</summary>
internal static class HtmlMatrix
{
    /// <summary>Appends the section; nothing where the run had no nodes.</summary>
    public static void Append(StringBuilder page, RunReport report)
    {
        if (report.Nodes.Count == 0)
        {
            return;
        }

        var names = report.Nodes.SelectMany(n => n.Deliveries).Select(d => d.Artifact).Distinct().ToList();
        page.Append("<section>\n<h2>Nodes</h2>\n<p class=\"legend\"><span class=\"same\">= up to date</span> <span class=\"done\">+ pushed</span> <span class=\"pending\">… pending</span> <span class=\"failed\">✗ failed</span> <span class=\"stopped\">– not tried</span></p>\n")
            .Append("<div class=\"wide\"><table class=\"matrix\">\n<thead><tr><th>node</th><th class=\"n\">sent</th>");
        names.ForEach(n => page.Append("<th class=\"up\"><span>").Append(HtmlText.Escape(n)).Append("</span></th>"));
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var node in report.Nodes)
        {
            page.Append("<tr><th>").Append(HtmlText.Escape(node.Node)).Append("</th><td class=\"n\">").Append(Units.Bytes(node.BytesSent)).Append("</td>");
            var byName = node.Deliveries.ToLookup(d => d.Artifact);
            foreach (var name in names)
            {
                Cell(page, byName[name].ToList());
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n");
        foreach (var node in report.Nodes.Where(n => n.Extras.Count > 0))
        {
            page.Append("<p>").Append(HtmlText.Escape(node.Node)).Append(" has what nothing wants any more: ")
                .AppendJoin(", ", node.Extras.Select(e => HtmlText.Escape($"{e.Name} ({RunTables.ExtraWord(e.State)}{(e.Error is null ? "" : ": " + e.Error)})"))).Append("</p>\n");
        }

        page.Append("</section>\n");
    }

    private static void Cell(StringBuilder page, List<DeliveryReport> deliveries)
    {
        if (deliveries.Count == 0)
        {
            page.Append("<td></td>");
            return;
        }

        var state = deliveries.Select(d => d.State).Worst();
        var why = string.Join("\n", deliveries.Select(d => $"{d.Title}: {d.State.Text()} ({d.Reason}){(d.BytesSent > 0 ? $", {Units.Bytes(d.BytesSent)} sent in {Units.Duration(d.Took)}" : "")}{(d.BytesDownloaded > 0 ? $", {Units.Bytes(d.BytesDownloaded)} downloaded by the node" : "")}{string.Concat(d.Notes.Select(n => "\n" + n))}{(d.Error is null ? "" : "\n" + d.Error)}"));
        page.Append("<td class=\"cell ").Append(HtmlText.Class(state)).Append("\" title=\"").Append(HtmlText.Escape(why)).Append("\">").Append(HtmlText.Mark(state)).Append("</td>");
    }
}
