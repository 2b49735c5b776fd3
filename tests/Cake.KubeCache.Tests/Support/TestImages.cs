using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Tests.Support;

/// <summary>Makes real images, the same bytes each time: a layer is one file with content that follows from a seed.</summary>
internal static class TestImages
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>An image of layers that are each named by a seed and a size in bytes.</summary>
    public static (ImageArtifact Artifact, StoredArtifact Stored) Image(TestBlobs blobs, string reference, params (string Seed, int Bytes)[] layers)
    {
        var made = layers.Select(l => Layer(blobs, l.Seed, l.Bytes)).ToList();
        var config = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            architecture = "amd64",
            os = "linux",
            created = "2024-01-01T00:00:00Z",
            config = new { Cmd = new[] { "/" + layers[^1].Seed } },
            rootfs = new { type = "layers", diff_ids = made.Select(l => l.DiffId.ToString()) },
            history = layers.Select(l => new { created_by = l.Seed }),
        }));
        var configBlob = new BlobDescriptor(ConfigType, blobs.Put(config), config.Length);
        var manifest = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = Descriptor(configBlob),
            layers = made.Select(l => Descriptor(l.Blob)),
        }));
        var content = new ImageContent(ManifestType, manifest.Length, configBlob, Chain(made));
        var artifact = new ImageArtifact { Name = reference, Reference = ImageReference.Parse(reference), Platform = Platform.LinuxAmd64 };
        return (artifact, new StoredArtifact
        {
            ContentKey = artifact.ContentKey,
            Digest = blobs.Put(manifest),
            Size = manifest.Length + config.Length + made.Sum(l => l.Blob.Size),
            Image = content,
            Source = reference,
            FetchedAt = DateTimeOffset.UnixEpoch,
        });
    }

    /// <summary>A file artifact with the given content.</summary>
    public static (FileArtifact Artifact, StoredArtifact Stored) File(TestBlobs blobs, string name, string destination, byte[] content)
    {
        var artifact = new FileArtifact { Name = name, Url = $"http://origin.test/{name}", Destination = destination };
        return (artifact, new StoredArtifact { ContentKey = artifact.ContentKey, Digest = blobs.Put(content), Size = content.Length, Source = artifact.Url, FetchedAt = DateTimeOffset.UnixEpoch });
    }

    /// <summary>Bytes that do not compress and follow from a seed.</summary>
    public static byte[] Bytes(string seed, int length)
    {
        var bytes = new byte[length];
        var block = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        for (var at = 0; at < length; at += block.Length)
        {
            block = SHA256.HashData(block);
            block.AsSpan(0, Math.Min(block.Length, length - at)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }

    private static ImageLayer Layer(TestBlobs blobs, string seed, int length)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, seed)
            {
                DataStream = new MemoryStream(Bytes(seed, length)),
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }

        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        var diffId = Digest.Sha256(SHA256.HashData(tar.ToArray()));
        return new ImageLayer(new BlobDescriptor(LayerType, blobs.Put(compressed.ToArray()), compressed.Length), diffId, diffId);
    }

    private static List<ImageLayer> Chain(List<ImageLayer> layers)
    {
        var chained = new List<ImageLayer>();
        foreach (var layer in layers)
        {
            var chain = chained.Count == 0 ? layer.DiffId : Digest.Sha256(SHA256.HashData(Encoding.UTF8.GetBytes($"{chained[^1].ChainId} {layer.DiffId}")));
            chained.Add(layer with { ChainId = chain });
        }

        return chained;
    }

    private static object Descriptor(BlobDescriptor blob) => new { mediaType = blob.MediaType, digest = blob.Digest.ToString(), size = blob.Size };
}
