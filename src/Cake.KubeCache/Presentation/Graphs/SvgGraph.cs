using System.Globalization;
using System.Net;
using System.Text;

namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>Draws a target graph as SVG: a column for each kind of target (fetches, pushes, the whole), each centred on the tallest.</summary>
internal static class SvgGraph
{
    private const int BoxWidth = 260;
    private const int BoxHeight = 38;
    private const int RowHeight = 48;
    private const int ColumnWidth = 400;
    private const int Margin = 16;
    private const int Bulge = 50;
    private const int DetailLength = 40;

    /// <summary>The text of an <c>.svg</c> file.</summary>
    public static string Write(TargetGraph graph)
    {
        var columns = graph.Targets.GroupBy(t => t.Column).OrderBy(g => g.Key).ToList();
        var tallest = columns.Max(c => c.Count());
        var height = (tallest * RowHeight) + (2 * Margin);
        var width = ((columns.Count - 1) * ColumnWidth) + BoxWidth + (2 * Margin);
        var places = columns.SelectMany((c, column) => c.Select((t, row) => (t.Name, X: Margin + (column * ColumnWidth), Y: Margin + ((((tallest - c.Count()) / 2.0) + row) * RowHeight))))
            .ToDictionary(p => p.Name, p => (p.X, p.Y));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, sans-serif\">\n");
        svg.Append("<title>Targets and what they need</title>\n<g fill=\"none\" stroke=\"#98a1b1\" stroke-opacity=\"0.6\">\n");
        foreach (var (from, to) in graph.Edges)
        {
            var (x1, y1) = (places[from].X + BoxWidth, places[from].Y + (BoxHeight / 2.0));

            // Within one column an edge leaves and arrives on the right.
            var same = places[from].X == places[to].X;
            var (x2, y2) = (same ? x1 : places[to].X, places[to].Y + (BoxHeight / 2.0));
            var (bend1, bend2) = same ? (Bulge, -Bulge) : ((x2 - x1) / 2.0, (x2 - x1) / 2.0);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x1} {y1:0.#}C{x1 + bend1:0.#} {y1:0.#} {x2 - bend2:0.#} {y2:0.#} {x2} {y2:0.#}\"/>\n");
        }

        svg.Append("</g>\n<g fill=\"#fff\">\n");
        foreach (var target in graph.Targets)
        {
            var (x, y) = places[target.Name];
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y:0.#}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"6\" fill=\"{GraphColors.Fill[target.Standing]}\"><title>{WebUtility.HtmlEncode(target.Name)}: {target.Standing}, {WebUtility.HtmlEncode(target.Detail)}</title></rect>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 16:0.#}\" font-size=\"13\" font-weight=\"600\">{WebUtility.HtmlEncode(target.Name)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 30:0.#}\" font-size=\"10\">{WebUtility.HtmlEncode(Shorten(target.Detail))}</text>\n");
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static string Shorten(string text) => text.Length <= DetailLength ? text : "…" + text[^(DetailLength - 1)..];
}
