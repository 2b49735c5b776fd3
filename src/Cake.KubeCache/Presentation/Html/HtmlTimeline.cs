using System.Globalization;
using System.Text;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Html;

/// <summary>Who downloaded and pushed what when: one lane for downloads and one for each node, as many rows as overlap.</summary>
internal static class HtmlTimeline
{
    private const int Width = 1000;
    private const int LabelWidth = 140;
    private const int RowHeight = 16;
    private const int LaneGap = 8;

    /// <summary>Appends the section; nothing where nothing ran.</summary>
    public static void Append(StringBuilder page, RunReport report)
    {
        var lanes = Lanes(report).Where(l => l.Bars.Count > 0).ToList();
        if (lanes.Count == 0)
        {
            return;
        }

        var end = Math.Max(report.Took.TotalSeconds, lanes.Max(l => l.Bars.Max(b => b.End)));
        var height = lanes.Sum(l => (l.Rows * RowHeight) + LaneGap) + 24;
        page.Append("<section>\n<h2>Timeline</h2>\n<div class=\"wide\">")
            .Append(CultureInfo.InvariantCulture, $"<svg class=\"timeline\" viewBox=\"0 0 {LabelWidth + Width + 10} {height}\" role=\"img\" aria-label=\"Timeline of downloads and pushes\">\n");
        Axis(page, end, height);
        var top = 4;
        foreach (var lane in lanes)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{top + 12}\">{HtmlText.Escape(lane.Name)}</text>\n");
            foreach (var bar in lane.Bars)
            {
                var x = LabelWidth + (bar.Start / end * Width);
                var width = Math.Max(1.5, (bar.End - bar.Start) / end * Width);
                page.Append(CultureInfo.InvariantCulture, $"<rect class=\"{bar.Class}\" x=\"{x:0.#}\" y=\"{top + (bar.Row * RowHeight)}\" width=\"{width:0.#}\" height=\"{RowHeight - 2}\" rx=\"2\"><title>{HtmlText.Escape(bar.Title)}</title></rect>\n");
                if (width > bar.Label.Length * 7)
                {
                    page.Append(CultureInfo.InvariantCulture, $"<text class=\"in\" x=\"{x + 4:0.#}\" y=\"{top + (bar.Row * RowHeight) + 11}\">{HtmlText.Escape(bar.Label)}</text>\n");
                }
            }

            top += (lane.Rows * RowHeight) + LaneGap;
        }

        page.Append("</svg></div>\n</section>\n");
    }

    private static void Axis(StringBuilder page, double end, int height)
    {
        var step = new[] { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600 }.FirstOrDefault(s => end / s <= 10, 7200);
        for (var t = 0.0; t <= end; t += step)
        {
            var x = LabelWidth + (t / end * Width);
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"0\" y2=\"{height - 18}\"/><text class=\"tick\" x=\"{x:0.#}\" y=\"{height - 5}\">{t:0.##} s</text>\n");
        }
    }

    private static IEnumerable<Lane> Lanes(RunReport report)
    {
        yield return Lane.Of("downloads", report.Artifacts.Where(a => a.Took > TimeSpan.Zero)
            .Select(a => new Bar(a.Artifact, $"{a.Title}: {a.State.Text()}, {Units.Bytes(a.BytesReceived)} in {Units.Duration(a.Took)}", HtmlText.Class(a.State), a.Started.TotalSeconds, (a.Started + a.Took).TotalSeconds)));
        foreach (var node in report.Nodes)
        {
            yield return Lane.Of(node.Node, node.Deliveries.Where(d => d.Took > TimeSpan.Zero && d.State != StepState.UpToDate)
                .Select(d => new Bar(d.Artifact, $"{d.Title}: {d.State.Text()}, {Units.Bytes(d.BytesSent)} in {Units.Duration(d.Took)}", HtmlText.Class(d.State), d.Started.TotalSeconds, (d.Started + d.Took).TotalSeconds)));
        }
    }

    private sealed record Bar(string Label, string Title, string Class, double Start, double End)
    {
        public int Row { get; init; }
    }

    private sealed record Lane(string Name, IReadOnlyList<Bar> Bars, int Rows)
    {
        // Each bar goes into the first row that is free at its start.
        public static Lane Of(string name, IEnumerable<Bar> bars)
        {
            var rows = new List<double>();
            var placed = new List<Bar>();
            foreach (var bar in bars.OrderBy(b => b.Start))
            {
                var row = rows.FindIndex(end => end <= bar.Start);
                if (row < 0)
                {
                    row = rows.Count;
                    rows.Add(0);
                }

                rows[row] = bar.End;
                placed.Add(bar with { Row = row });
            }

            return new Lane(name, placed, rows.Count);
        }
    }
}
