using System.Text;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Html;

/// <summary>For each node, what was done or skipped and why; folded, because most of it is "up to date".</summary>
internal static class HtmlDeliveries
{
    /// <summary>Appends the section; nothing where the run had no nodes.</summary>
    public static void Append(StringBuilder page, RunReport report)
    {
        if (report.Nodes.Count == 0)
        {
            return;
        }

        page.Append("<section>\n<h2>Done and skipped, and why</h2>\n");
        foreach (var node in report.Nodes)
        {
            page.Append("<details><summary>").Append(HtmlText.Escape(node.Node)).Append(": <span class=\"state ").Append(HtmlText.Class(node.State)).Append("\">").Append(node.State.Text()).Append("</span></summary>\n")
                .Append("<div class=\"wide\"><table>\n<thead><tr><th>artifact</th><th>state</th><th>why</th><th class=\"n\">sent</th><th class=\"n\">of</th></tr></thead>\n<tbody>\n");
            foreach (var d in node.Deliveries)
            {
                page.Append("<tr><td>").Append(HtmlText.Escape(d.Artifact)).Append("</td><td><span class=\"state ").Append(HtmlText.Class(d.State)).Append("\">").Append(d.State.Text())
                    .Append("</span></td><td>").Append(HtmlText.Escape(string.Join("; ", d.Notes.Prepend(d.Reason))))
                    .Append("</td><td class=\"n\">").Append(Units.Bytes(d.BytesSent)).Append("</td><td class=\"n\">").Append(d.Size is { } size ? Units.Bytes(size) : "?").Append("</td></tr>\n");
            }

            page.Append("</tbody>\n</table></div></details>\n");
        }

        page.Append("</section>\n");
    }
}
