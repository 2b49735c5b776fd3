using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Translates between entries of the cache manifest and the model.</summary>
internal static class CacheEntries
{
    /// <summary>What the rest of the program sees of an entry.</summary>
    public static StoredArtifact ToStored(string key, CacheEntry entry) => new()
    {
        ContentKey = key,
        Digest = Digest.Parse(entry.Digest),
        Resolved = entry.Image is { Resolutions: [.., var last] } ? Digest.Parse(last.Digest) : null,
        Size = entry.Size,
        Source = entry.Source,
        FetchedAt = entry.FetchedAt,
        Image = entry.Image is null ? null : ToContent(entry.Image),
    };

    /// <summary>The blobs that an entry needs, with the sizes they must have.</summary>
    public static IEnumerable<(Digest Digest, long Size)> Blobs(CacheEntry entry)
    {
        if (entry.Image is { } image)
        {
            yield return (Digest.Parse(entry.Digest), image.ManifestSize);
            yield return (Digest.Parse(image.Config.Digest), image.Config.Size);
            foreach (var layer in image.Layers)
            {
                yield return (Digest.Parse(layer.Digest), layer.Size);
            }
        }
        else
        {
            yield return (Digest.Parse(entry.Digest), entry.Size);
            if (entry.File is { } file)
            {
                yield return (Digest.Parse(file.Manifest), file.ManifestSize);
            }
        }
    }

    /// <summary>The image part of an entry.</summary>
    /// <param name="artifact">What was asked for.</param>
    /// <param name="content">What was found.</param>
    /// <param name="resolutions">What its tag pointed at so far, newest last.</param>
    public static ImageEntry ToEntry(ImageArtifact artifact, ImageContent content, IReadOnlyList<TagResolution> resolutions) => new()
    {
        Reference = artifact.Reference.ToString(),
        Os = artifact.Platform.Os,
        Architecture = artifact.Platform.Architecture,
        Variant = artifact.Platform.Variant,
        Resolutions = resolutions,
        MediaType = content.MediaType,
        ManifestSize = content.ManifestSize,
        Config = new BlobEntry(content.Config.MediaType, content.Config.Digest.ToString(), content.Config.Size),
        Layers = [.. content.Layers.Select(l => new LayerEntry(l.Blob.MediaType, l.Blob.Digest.ToString(), l.Blob.Size, l.DiffId.ToString(), l.ChainId.ToString()))],
    };

    /// <summary>The platform of an image entry.</summary>
    public static Platform PlatformOf(ImageEntry image) => new(image.Os, image.Architecture, image.Variant);

    private static ImageContent ToContent(ImageEntry image) => new(
        image.MediaType,
        image.ManifestSize,
        new BlobDescriptor(image.Config.MediaType, Digest.Parse(image.Config.Digest), image.Config.Size),
        [.. image.Layers.Select(l => new ImageLayer(new BlobDescriptor(l.MediaType, Digest.Parse(l.Digest), l.Size), Digest.Parse(l.DiffId), Digest.Parse(l.ChainId)))]);
}
