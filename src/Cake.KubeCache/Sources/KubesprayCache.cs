using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>
/// The <c>download_cache_dir</c> that Kubespray's download role fills: files by the base name of their destination, images as
/// <c>images/&lt;what was pulled, with / and : as _&gt;.tar</c>. What is taken from it is verified like anything else.
/// </summary>
internal static class KubesprayCache
{
    /// <summary>The archives that may have an image, likeliest first.</summary>
    public static IEnumerable<string> ImagesOf(string directory, ImageReference reference)
    {
        // The role pulls by digest where the item has one, and by tag else; a folder from before the item was pinned has the tag's.
        string?[] pulled = [reference.Digest is { } digest ? $"@{digest}" : null, reference.Tag is { } tag ? $":{tag}" : null];
        return from suffix in pulled
               where suffix is not null
               from name in Names(reference)
               let path = Path.Combine(directory, "images", (name + suffix).Replace('/', '_').Replace(':', '_') + ".tar")
               where File.Exists(path)
               select path;
    }

    /// <summary>The copy of a file, if there is one.</summary>
    public static string? FileOf(string directory, FileArtifact file) =>
        file.Destination is { } destination && Existing(Path.Combine(directory, Path.GetFileName(destination))) is { } found ? found : Existing(Path.Combine(directory, file.Title));

    /// <summary>What the item's <c>repo</c> may have been: the role takes it as it is written, and Docker Hub's names have short forms.</summary>
    private static IEnumerable<string> Names(ImageReference reference)
    {
        const string Official = "library/";
        yield return reference.Name;
        if (reference.Registry == "docker.io")
        {
            yield return reference.Repository;
            if (reference.Repository.StartsWith(Official, StringComparison.Ordinal))
            {
                yield return reference.Repository[Official.Length..];
            }
        }
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
