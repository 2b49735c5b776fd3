namespace Cake.KubeCache.Presentation.Graphs;

/// <summary>The colours of states, dark enough for white text.</summary>
internal static class GraphColors
{
    /// <summary>Fill colour by state.</summary>
    public static IReadOnlyDictionary<TargetGraph.State, string> Fill { get; } = new Dictionary<TargetGraph.State, string>
    {
        [TargetGraph.State.UpToDate] = "#1a7f4b",
        [TargetGraph.State.Todo] = "#2769b8",
        [TargetGraph.State.Unknown] = "#68707f",
        [TargetGraph.State.Broken] = "#b92c2c",
    };
}
