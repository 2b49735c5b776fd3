using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;

namespace Cake.KubeCache.Engine;

/// <summary>The manifest and the config of an image whose layers are elsewhere.</summary>
internal sealed class ImageDocuments(ResolvedImage image) : IBlobSource
{
    /// <inheritdoc/>
    public Stream OpenRead(Digest digest) =>
        digest == image.Manifest.Digest ? new MemoryStream(image.Manifest.Bytes, writable: false)
        : digest == image.Content.Config.Digest ? new MemoryStream(image.Config, writable: false)
        : throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the layer {digest} is to come from the node itself"));
}
