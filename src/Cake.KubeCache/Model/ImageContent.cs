namespace Cake.KubeCache.Model;

/// <summary>The parts of one image manifest (OCI image-spec 1.1, manifest.md; or Docker schema 2).</summary>
/// <param name="MediaType">Media type of the manifest.</param>
/// <param name="ManifestSize">Bytes of the manifest.</param>
/// <param name="Config">The config blob; its digest is the image id in Docker.</param>
/// <param name="Layers">Layers from the bottom to the top.</param>
public sealed record ImageContent(string MediaType, long ManifestSize, BlobDescriptor Config, IReadOnlyList<ImageLayer> Layers);

/// <summary>A blob by digest.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Digest of the bytes as stored.</param>
/// <param name="Size">Bytes as stored.</param>
public sealed record BlobDescriptor(string MediaType, Digest Digest, long Size);

/// <summary>One layer: its blob, the digest of its uncompressed tar, and of the stack up to it.</summary>
/// <param name="Blob">The (usually compressed) blob.</param>
/// <param name="DiffId">Digest of the uncompressed tar (OCI image-spec 1.1, config.md, "Layer DiffID").</param>
/// <param name="ChainId">Digest of the stack of layers up to this one (config.md, "Layer ChainID").</param>
public sealed record ImageLayer(BlobDescriptor Blob, Digest DiffId, Digest ChainId);
