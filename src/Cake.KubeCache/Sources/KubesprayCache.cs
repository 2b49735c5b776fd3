using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>
/// The <c>download_cache_dir</c> that Kubespray's download role fills: files by the base name of their destination, images as
/// <c>images/&lt;reference with / and : as _&gt;.tar</c>. What is taken from it is verified like anything else.
/// </summary>
internal static class KubesprayCache
{
    /// <summary>The archive of an image, if there is one.</summary>
    public static string? ImageOf(string directory, ImageReference reference)
    {
        var name = (reference.Digest is { } digest && reference.Tag is null ? $"{reference.Name}@{digest}" : reference.Familiar).Replace('/', '_').Replace(':', '_');
        return Existing(Path.Combine(directory, "images", name + ".tar"));
    }

    /// <summary>The copy of a file, if there is one.</summary>
    public static string? FileOf(string directory, FileArtifact file) =>
        file.Destination is { } destination && Existing(Path.Combine(directory, Path.GetFileName(destination))) is { } found ? found : Existing(Path.Combine(directory, file.Title));

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
