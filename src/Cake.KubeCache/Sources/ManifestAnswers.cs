using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>Makes an answer out of a document, comparing it with the digest it was asked by.</summary>
internal static class ManifestAnswers
{
    /// <summary>Checks the digest and settles the media type.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="announced">The media type that came with it, or null.</param>
    /// <param name="expected">The digest it must have, or null.</param>
    /// <param name="title">What it is the manifest of, for messages.</param>
    /// <exception cref="KubeCacheException">Another digest, or schema 1 (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static ManifestAnswer Of(byte[] bytes, string? announced, Digest? expected, string title)
    {
        var digest = Digest.Sha256(SHA256.HashData(bytes));
        var compared = expected is { Algorithm: "sha512" } ? Digest.Parse("sha512:" + Convert.ToHexStringLower(SHA512.HashData(bytes))) : digest;
        if (expected is { } wanted && compared != wanted)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the manifest of {title} does not have the content that was expected; nothing of it was kept")
            {
                Got = $"{compared} ({bytes.Length} bytes)",
                Expected = wanted.ToString(),
            });
        }

        var document = OciReader.ReadManifest(bytes, title);
        var mediaType = document.MediaType ?? (announced is { Length: > 0 } && (MediaTypes.IsIndex(announced) || MediaTypes.IsManifest(announced)) ? announced : null)
            ?? (document.Manifests is not null ? MediaTypes.OciIndex : MediaTypes.OciManifest);
        return new ManifestAnswer(bytes, mediaType, digest);
    }
}
