using System.Text;

namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>Writes a target graph in Graphviz' DOT language.</summary>
internal static class DotGraph
{
    /// <summary>The text of a <c>.dot</c> file.</summary>
    public static string Write(TargetGraph graph)
    {
        var text = new StringBuilder("digraph kubecache {\n  rankdir=LR;\n  node [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\", fontcolor=white, color=none];\n");
        foreach (var target in graph.Targets)
        {
            text.Append("  ").Append(Quote(target.Name)).Append(" [label=").Append(Quote($"{target.Name}\n{target.Detail}")).Append(", fillcolor=\"").Append(GraphColors.Fill[target.Standing]).Append("\"];\n");
        }

        foreach (var (from, to) in graph.Edges)
        {
            text.Append("  ").Append(Quote(from)).Append(" -> ").Append(Quote(to)).Append(";\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
