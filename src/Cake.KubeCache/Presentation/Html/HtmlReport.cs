using System.Globalization;
using System.Text;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Html;

/// <summary>
/// A run report as one self-contained HTML page: no script, no network, readable on a phone, light and dark by the reader's setting.
/// </summary>
internal static class HtmlReport
{
    /// <summary>The whole page.</summary>
    public static string Render(RunReport report)
    {
        var page = new StringBuilder(32 * 1024);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append("<title>").Append(Title(report)).Append("</title>\n<style>\n").Append(Style()).Append("</style>\n</head>\n<body>\n");
        Header(page, report);
        Errors(page, report);
        HtmlTimeline.Append(page, report);
        HtmlMatrix.Append(page, report);
        Contents(page, report);
        HtmlDeliveries.Append(page, report);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static string Title(RunReport report) => $"{report.Verb} {(report.Succeeded ? report.UpToDate ? "up to date" : "done" : "failed")}";

    private static void Header(StringBuilder page, RunReport report)
    {
        page.Append("<header>\n<h1 class=\"").Append(report.Succeeded ? "good" : "bad").Append("\">").Append(Title(report)).Append("</h1>\n<p>")
            .Append(report.StartedAt.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)).Append(", ").Append(Units.Duration(report.Took)).Append("</p>\n</header>\n<dl class=\"totals\">\n");
        Total(page, "artifacts", $"{report.Artifacts.Count(a => a.State == StepState.Done)} fetched", $"{report.Artifacts.Count(a => a.State == StepState.UpToDate)} cached");
        Total(page, "received", Units.Bytes(report.BytesReceived), $"{Units.Bytes(report.BytesSavedByCache)} saved by the cache");
        Total(page, "nodes", $"{report.Nodes.Count(n => n.State == StepState.Done)} changed", $"{report.Nodes.Count(n => n.State == StepState.UpToDate)} up to date");
        Total(page, "sent", Units.Bytes(report.BytesSent), $"{Units.Bytes(report.BytesSavedOnNodes)} were on the nodes");
        page.Append("</dl>\n");
    }

    private static void Total(StringBuilder page, string label, string value, string more) =>
        page.Append("<div><dt>").Append(label).Append("</dt><dd>").Append(value).Append("<small>").Append(more).Append("</small></dd></div>\n");

    private static void Errors(StringBuilder page, RunReport report)
    {
        var errors = report.Artifacts.Where(a => a.Error is not null && a.State == StepState.Failed).Select(a => (Where: a.Artifact, a.Error))
            .Concat(report.Nodes.Where(n => n.Error is not null).Select(n => (Where: n.Node, n.Error)))
            .Concat(report.Nodes.SelectMany(n => n.Deliveries.Where(d => d.State == StepState.Failed).Select(d => (Where: $"{n.Node}, {d.Artifact}", d.Error))))
            .ToList();
        if (errors.Count > 0)
        {
            page.Append("<section>\n<h2>What failed</h2>\n");
            errors.ForEach(e => page.Append("<h3>").Append(HtmlText.Escape(e.Where)).Append("</h3>\n<pre>").Append(HtmlText.Escape(e.Error ?? "")).Append("</pre>\n"));
            page.Append("</section>\n");
        }

        if (report.Warnings.Count > 0)
        {
            page.Append("<section>\n<h2>Warnings</h2>\n");
            foreach (var warning in report.Warnings)
            {
                page.Append("<pre>").Append(HtmlText.Escape(warning)).Append("</pre>\n");
            }

            page.Append("</section>\n");
        }
    }

    private static void Contents(StringBuilder page, RunReport report)
    {
        page.Append("<section>\n<h2>Artifacts</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>artifact</th><th>what</th><th>state</th><th class=\"n\">size</th><th class=\"n\">received</th><th class=\"n\">time</th><th>notes</th></tr></thead>\n<tbody>\n");
        foreach (var a in report.Artifacts)
        {
            page.Append("<tr><td>").Append(HtmlText.Escape(a.Artifact)).Append("</td><td>").Append(HtmlText.Escape(a.Title))
                .Append("</td><td><span class=\"state ").Append(HtmlText.Class(a.State)).Append("\">").Append(a.State.Text())
                .Append("</span></td><td class=\"n\">").Append(a.Size is { } size ? Units.Bytes(size) : "?")
                .Append("</td><td class=\"n\">").Append(Units.Bytes(a.BytesReceived))
                .Append("</td><td class=\"n\">").Append(a.State == StepState.Done ? Units.Duration(a.Took) : "")
                .Append("</td><td>").Append(HtmlText.Escape(string.Join("; ", a.Notes))).Append("</td></tr>\n");
        }

        page.Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("Cake.KubeCache.report.css")
            ?? throw new InvalidOperationException("the embedded style sheet is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
