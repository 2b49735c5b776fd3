using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>What a node has after a run: what the probe found and what was delivered since. For the memory only; a run asks the node itself.</summary>
internal static class FactsAfter
{
    /// <summary>The facts with the deliveries that were made.</summary>
    /// <param name="node">The node as it was planned.</param>
    /// <param name="report">What became of its deliveries, in the same order.</param>
    /// <param name="stored">What the store holds of an artifact now.</param>
    public static NodeFacts? Of(PlannedNode node, NodeReport report, Func<Artifact, StoredArtifact?> stored)
    {
        if (node.Facts is not { } facts)
        {
            return null;
        }

        var images = new Dictionary<string, NodeImage>(facts.Images);
        var files = new Dictionary<string, NodeFile>(facts.Files);
        foreach (var (delivery, outcome) in node.Deliveries.Zip(report.Deliveries))
        {
            if (outcome.State != StepState.Done || stored(delivery.Artifact) is not { } content)
            {
                continue;
            }

            switch (delivery.Artifact)
            {
                case ImageArtifact image:
                    images[image.Reference.Familiar] = new NodeImage(content.Digest);
                    break;
                case FileArtifact { Destination: { } path } file:
                    var before = files.GetValueOrDefault(path);
                    files[path] = new NodeFile(content.Digest, content.Size, file.Owner ?? before?.Owner ?? "", file.Mode ?? before?.Mode ?? "", file.Unarchive);
                    break;
                default:
                    break;
            }
        }

        return facts with { Images = images, Files = files };
    }
}
