using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>Finds what a node has from earlier runs and nothing wants any more. Only receipts tell: what others brought is not ours to judge.</summary>
internal static class Extras
{
    /// <summary>Of one host.</summary>
    /// <param name="host">The host; where it is told to download nothing, or no images, that is no wish to remove them.</param>
    /// <param name="wanted">What it is to have.</param>
    public static IReadOnlyList<NodeExtra> Of(PlanHost host, IReadOnlyCollection<Artifact> wanted)
    {
        if (host.Facts is not { } facts || host.Settings.SkipDownloads)
        {
            return [];
        }

        var files = wanted.OfType<FileArtifact>().Select(f => f.Destination).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var images = wanted.OfType<ImageArtifact>().Select(i => i.Reference.Familiar).ToHashSet(StringComparer.Ordinal);
        var extraFiles = facts.Files.Where(f => f.Value.Delivered && !files.Contains(f.Key)).Select(f => new NodeExtra(false, f.Key));
        var extraImages = host.Settings.Containers
            ? facts.DeliveredImages.Keys.Where(i => facts.Images.ContainsKey(i) && !images.Contains(i)).Select(i => new NodeExtra(true, i))
            : [];
        return [.. extraFiles.Concat(extraImages).OrderBy(e => e.IsImage).ThenBy(e => e.Name, StringComparer.Ordinal)];
    }
}
