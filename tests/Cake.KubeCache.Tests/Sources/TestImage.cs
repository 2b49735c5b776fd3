using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A small image with real layers: blobs by digest, and the manifest among them.</summary>
internal sealed class TestImage
{
    public Dictionary<Digest, byte[]> Blobs { get; } = [];

    public Digest Manifest { get; private set; }

    public string MediaType { get; private set; } = MediaTypes.OciManifest;

    public List<Digest> Layers { get; } = [];

    public List<Digest> DiffIds { get; } = [];

    public Digest Config { get; private set; }

    public static TestImage Make(string[] layers, string architecture = "amd64", bool docker = false, int padding = 0, string compression = "gzip", Action<JsonObject>? change = null)
    {
        var image = new TestImage();
        var descriptors = new JsonArray();
        foreach (var text in layers)
        {
            var tar = Tar(text, padding);
            var (packed, mediaType) = compression switch
            {
                "gzip" => (Gzip(tar), docker ? "application/vnd.docker.image.rootfs.diff.tar.gzip" : MediaTypes.OciLayerGzip),
                "zstd" => (Zstd(tar), MediaTypes.OciLayerTar + "+zstd"),
                _ => (tar, MediaTypes.OciLayerTar),
            };
            var digest = image.Add(packed);
            image.Layers.Add(digest);
            image.DiffIds.Add(Digest.Sha256(SHA256.HashData(tar)));
            descriptors.Add(Descriptor(mediaType, digest, packed.Length));
        }

        var config = Bytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. image.DiffIds.Select(d => (JsonNode)d.ToString())]) },
        });
        image.Config = image.Add(config);
        image.MediaType = docker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = image.MediaType,
            ["config"] = Descriptor(docker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, image.Config, config.Length),
            ["layers"] = descriptors,
        };
        change?.Invoke(manifest);
        image.Manifest = image.Add(Bytes(manifest));
        return image;
    }

    public Digest Add(byte[] bytes)
    {
        var digest = Digest.Sha256(SHA256.HashData(bytes));
        Blobs[digest] = bytes;
        return digest;
    }

    public static JsonObject Descriptor(string mediaType, Digest digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size };

    public static byte[] Bytes(JsonNode json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    /// <summary>Incompressible when padded, so that sizes are what they seem.</summary>
    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Tar(string text, int padding)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            byte[] content = [.. Encoding.UTF8.GetBytes(text), .. Noise(padding, text.Length + text.Sum(c => c))];
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "layer-" + text) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return stream.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
