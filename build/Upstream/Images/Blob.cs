using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Build.Upstream.Images;

/// <summary>Content that the registry serves by its digest.</summary>
internal sealed record Blob(byte[] Content, string MediaType)
{
    /// <summary>SHA-256 of the content.</summary>
    public Digest Digest { get; } = Digest.Sha256(SHA256.HashData(Content));
}
