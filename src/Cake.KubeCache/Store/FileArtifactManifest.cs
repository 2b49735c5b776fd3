using System.Text;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// A file as an OCI artifact: a manifest whose one layer is the file and whose config is the empty object (OCI image-spec 1.1,
/// manifest.md, "Guidelines for Artifact Usage").
/// </summary>
internal static class FileArtifactManifest
{
    /// <summary>The empty object's two bytes.</summary>
    public static ReadOnlySpan<byte> EmptyConfig => "{}"u8;

    /// <summary>The manifest's bytes. Equal input gives equal bytes, so a file has one manifest wherever it was fetched.</summary>
    /// <param name="content">Digest of the file.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="title">The name people know it by; never used as a path.</param>
    public static byte[] Bytes(Digest content, long size, string title) => JsonSerializer.SerializeToUtf8Bytes(
        new OciManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            ArtifactType = MediaTypes.KubeCacheFile,
            Config = new OciDescriptor { MediaType = MediaTypes.OciEmpty, Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", Size = EmptyConfig.Length },
            Layers =
            [
                new OciDescriptor
                {
                    MediaType = MediaTypes.Binary,
                    Digest = content.ToString(),
                    Size = size,
                    Annotations = new Dictionary<string, string> { ["org.opencontainers.image.title"] = title },
                },
            ],
        },
        OciJson.Default.OciManifestDocument);

    /// <summary>The name of a file in <c>index.json</c>: valid for annotations.md, and never equal for different content.</summary>
    public static string ReferenceName(string title, string digest)
    {
        var name = new StringBuilder("files/");
        foreach (var c in title)
        {
            // A separator may neither begin a component nor follow another one.
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : char.IsAsciiLetterOrDigit(name[^1]) ? c is '.' or '_' ? c : '-' : 'x');
        }

        if (!char.IsAsciiLetterOrDigit(name[^1]))
        {
            name.Append('x');
        }

        return name.Append(':').Append(digest.Replace(':', '-')).ToString();
    }
}
