using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Targets;

/// <summary>
/// What the push of each node comes after: the fetches of what the node is to have. In a large cluster nodes that want the same artifacts share a
/// target that joins these fetches, since Cake looks through all edges of its graph for each edge that it adds and each task that it visits.
/// </summary>
internal sealed class PushNeeds
{
    // Up to here Cake takes some ten milliseconds, and a graph without joins is easier to read.
    private const int MostPlainEdges = 1000;

    private readonly Dictionary<string, IReadOnlyList<string>> _needs = new(StringComparer.Ordinal);
    private readonly List<Join> _joins = [];

    private PushNeeds()
    {
    }

    /// <summary>The joins to declare; none in a small cluster.</summary>
    public IReadOnlyList<Join> Joins => _joins;

    /// <summary>Names of the targets that a node's push comes after.</summary>
    public IReadOnlyList<string> Of(PlannedNode node) => _needs[node.Node.Name];

    /// <summary>The needs of a plan's nodes.</summary>
    public static PushNeeds Of(Plan plan)
    {
        var needs = new PushNeeds();
        var wants = plan.Nodes.Select(n => (n.Node.Name, Artifacts: (IReadOnlyList<string>)[.. n.Deliveries.Select(d => d.Artifact.Name).Distinct(StringComparer.Ordinal)])).ToList();
        var plain = wants.Sum(w => w.Artifacts.Count) <= MostPlainEdges;
        var taken = plan.Artifacts.Select(a => TargetNames.Fetch(a.Artifact.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var alike in wants.GroupBy(w => string.Join('\n', w.Artifacts.Order(StringComparer.Ordinal)), StringComparer.Ordinal))
        {
            var (first, artifacts) = alike.First();
            IReadOnlyList<string> fetches = [.. artifacts.Select(TargetNames.Fetch)];
            if (!plain && alike.Skip(1).Any() && fetches.Count > 1)
            {
                var name = TargetNames.FetchFor(first);
                while (!taken.Add(name))
                {
                    name += "-all";
                }

                needs._joins.Add(new Join(name, artifacts, alike.Count()));
                fetches = [name];
            }

            foreach (var (node, _) in alike)
            {
                needs._needs[node] = fetches;
            }
        }

        return needs;
    }

    /// <summary>A target that joins fetches.</summary>
    /// <param name="Name">The target's name.</param>
    /// <param name="Artifacts">The artifacts whose fetches it joins.</param>
    /// <param name="Nodes">How many nodes want them.</param>
    internal sealed record Join(string Name, IReadOnlyList<string> Artifacts, int Nodes);
}
