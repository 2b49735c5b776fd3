using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Benchmarks;

/// <summary>Images of made-up content in an OCI image layout. Layers are what gzip halves, in files of 1 MB, so that unpacking them costs what it costs with real ones.</summary>
internal sealed class ImageLayout
{
    private const int FileSize = 1_000_000;
    private readonly string _directory;
    private readonly Dictionary<string, object> _manifests = [];

    public ImageLayout(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    /// <summary>Makes a layer of about so many compressed megabytes.</summary>
    public ImageLayer AddLayer(int seed, int megabytes)
    {
        var random = new Random(seed);
        var temporary = Path.Combine(_directory, "layer");
        using var diff = SHA256.Create();
        using var sum = SHA256.Create();
        using (var file = File.Create(temporary))
        using (var summed = new CryptoStream(file, sum, CryptoStreamMode.Write))
        using (var gzip = new GZipStream(summed, CompressionLevel.Fastest))
        using (var plain = new CryptoStream(gzip, diff, CryptoStreamMode.Write))
        using (var tar = new TarWriter(plain, TarEntryFormat.Pax))
        {
            var bytes = new byte[FileSize / 2];
            while (file.Position < (megabytes * 1_000_000L) - (FileSize / 2))
            {
                random.NextBytes(bytes);
                var content = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, string.Create(CultureInfo.InvariantCulture, $"content{seed}-{random.NextInt64():x}")) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
            }
        }

        var hex = Convert.ToHexStringLower(sum.Hash!);
        File.Move(temporary, Path.Combine(_directory, "blobs", "sha256", hex), overwrite: true);
        return new ImageLayer(hex, new FileInfo(Path.Combine(_directory, "blobs", "sha256", hex)).Length, "sha256:" + Convert.ToHexStringLower(diff.Hash!));
    }

    /// <summary>Adds an image of these layers.</summary>
    /// <returns>Bytes of its manifest and config.</returns>
    public long AddImage(string reference, params ImageLayer[] layers)
    {
        var config = Write(JsonSerializer.SerializeToUtf8Bytes(new { architecture = "amd64", os = "linux", author = reference, config = new { }, rootfs = new { type = "layers", diff_ids = layers.Select(l => l.DiffId) } }));
        var manifest = Write(JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = "sha256:" + config.Hex, size = config.Size },
            layers = layers.Select(l => new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = "sha256:" + l.Hex, size = l.Size }),
        }));
        _manifests[reference] = new
        {
            mediaType = "application/vnd.oci.image.manifest.v1+json",
            digest = "sha256:" + manifest.Hex,
            size = manifest.Size,
            platform = new { architecture = "amd64", os = "linux" },
            annotations = new Dictionary<string, string> { ["io.containerd.image.name"] = reference, ["org.opencontainers.image.ref.name"] = reference },
        };
        File.WriteAllBytes(Path.Combine(_directory, "index.json"), JsonSerializer.SerializeToUtf8Bytes(new { schemaVersion = 2, manifests = _manifests.Values }));
        return config.Size + manifest.Size;
    }

    /// <summary>Packs all images into one archive.</summary>
    public void Pack(string archive) => TarFile.CreateFromDirectory(_directory, archive, includeBaseDirectory: false);

    private (string Hex, long Size) Write(byte[] bytes)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(_directory, "blobs", "sha256", hex), bytes);
        return (hex, bytes.Length);
    }
}

/// <summary>A layer.</summary>
/// <param name="Hex">Digest of the compressed content.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="DiffId">Digest of the content.</param>
internal sealed record ImageLayer(string Hex, long Size, string DiffId);
