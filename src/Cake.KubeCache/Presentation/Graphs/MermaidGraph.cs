using System.Globalization;
using System.Text;

namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>Writes a target graph as a Mermaid flowchart.</summary>
internal static class MermaidGraph
{
    /// <summary>The text of a <c>.mmd</c> file.</summary>
    public static string Write(TargetGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        var ids = graph.Targets.Select((t, i) => (t.Name, Id: "t" + i.ToString(CultureInfo.InvariantCulture))).ToDictionary(p => p.Name, p => p.Id);
        foreach (var target in graph.Targets)
        {
            text.Append("  ").Append(ids[target.Name]).Append("[\"").Append(Escape(target.Name)).Append("<br/>").Append(Escape(target.Detail)).Append("\"]:::").Append(target.Standing).Append('\n');
        }

        foreach (var (from, to) in graph.Edges)
        {
            text.Append("  ").Append(ids[from]).Append(" --> ").Append(ids[to]).Append('\n');
        }

        foreach (var (state, fill) in GraphColors.Fill)
        {
            text.Append(CultureInfo.InvariantCulture, $"  classDef {state} fill:{fill},color:#fff,stroke:none\n");
        }

        return text.ToString();
    }

    private static string Escape(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal);
}
