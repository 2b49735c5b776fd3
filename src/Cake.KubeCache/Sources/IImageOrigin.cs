using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>A place that images come from: a registry, an archive on disk, a container engine.</summary>
internal interface IImageOrigin
{
    /// <summary>Whose answer it was, for the cache manifest.</summary>
    string Title { get; }

    /// <summary>What is worth telling about it, such as a registry's rate limit.</summary>
    IEnumerable<string> Notes { get; }

    /// <summary>What a tag points at now, without getting the manifest; null when that cannot be told.</summary>
    Task<Digest?> ResolveAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Gets a manifest or an index by tag or digest; what came by digest was compared with it.</summary>
    Task<ManifestAnswer> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken);

    /// <summary>Receives a blob into the sink; verified.</summary>
    Task<BodyReceipt> ReceiveBlobAsync(Wanted wanted, LandingSink sink, CancellationToken cancellationToken);
}

/// <summary>A manifest or an index as it came.</summary>
/// <param name="Bytes">The document, byte for byte.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Its SHA-256.</param>
internal sealed record ManifestAnswer(byte[] Bytes, string MediaType, Digest Digest);
