using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>How images lie in an archive.</summary>
internal interface IArchiveFormat
{
    /// <summary>The index or manifest of an image, if the archive has it for the platform.</summary>
    Task<ManifestAnswer?> FindAsync(ImageArtifact image, CancellationToken cancellationToken);

    /// <summary>Whether the archive has an image of that name, whatever its digest.</summary>
    bool Names(ImageReference reference);

    /// <summary>Opens content by digest; null when the archive does not have it.</summary>
    Stream? Open(Digest digest);
}
