using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Benchmarks;

/// <summary>Ten images that share layers, from docker-registry, side by side with <c>skopeo copy</c> into a layout.</summary>
internal static class ImageFetchMeasurement
{
    private const int Images = 10;

    public static async Task<int> RunAsync()
    {
        Tool.Find("skopeo");
        using var folder = new Folder();
        var port = Tool.FreePort();
        await File.WriteAllTextAsync(folder.At("registry.yml"), $"version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: {folder.At("registry")}\nhttp:\n  addr: 127.0.0.1:{port}\n");
        var registry = await Tool.ServeAsync(port, "docker-registry", "serve", folder.At("registry.yml"));
        try
        {
            var unique = await PushAsync(folder, port);
            var peak = 0L;
            var bytes = 0L;
            var medians = await Series.RunAsync(
                ("skopeo copy, one by one", () => SkopeoAsync(folder, port, 1)),
                ("skopeo copy, four at once", () => SkopeoAsync(folder, port, 4)),
                ("Fetcher", async () =>
                {
                    folder.Renew("cache");
                    var result = await FetchChild.StartAsync(new FetchPlan(folder.At("cache"), [], [.. Enumerable.Range(0, Images).Select(i => $"127.0.0.1:{port}/app{i}:v1")], PlainHttpRegistry: $"127.0.0.1:{port}"));
                    (peak, bytes) = (Math.Max(peak, result.PeakMemory), result.Bytes);
                    return result.Seconds;
                }
            ));
            Series.Ratio("Fetcher against the better skopeo", medians["Fetcher"] / Math.Min(medians["skopeo copy, one by one"], medians["skopeo copy, four at once"]));
            Series.Ratio("bytes received against unique blobs", (double)bytes / unique);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB, peak memory {peak / 1e6:0} MB"));
            return 0;
        }
        finally
        {
            registry.Kill(entireProcessTree: true);
            registry.Dispose();
        }
    }

    private static Task<double> SkopeoAsync(Folder folder, int port, int parallel)
    {
        folder.Renew("skopeo");

        // Several at once destroy each other's index in one layout, so each has its own and they share the folder of blobs.
        return Tool.TimeAsync($"mkdir blobs && seq 0 {Images - 1} | xargs -P {parallel} -I N skopeo copy -q --src-tls-verify=false --dest-shared-blob-dir blobs docker://127.0.0.1:{port}/appN:v1 oci:layoutN:appN:v1", folder.At("skopeo"));
    }

    /// <summary>Makes and pushes the images; gives the bytes of all distinct blobs.</summary>
    private static async Task<long> PushAsync(Folder folder, int port)
    {
        var unique = new Dictionary<string, long>();
        for (var i = 0; i < Images; i++)
        {
            var directory = folder.At($"push{i}");
            Directory.CreateDirectory(directory);
            await File.WriteAllTextAsync(Path.Combine(directory, "version"), "Directory Transport Version: 1.1\n");
            var layers = new[] { (Seed: 1, Size: 25_000_000), (Seed: 10 + (i % 2), Size: 12_000_000), (Seed: 100 + i, Size: 6_000_000) }.Select(l => WriteLayer(directory, l.Seed, l.Size)).ToList();
            var config = Write(directory, JsonSerializer.SerializeToUtf8Bytes(new { architecture = "amd64", os = "linux", image = i, rootfs = new { type = "layers", diff_ids = layers.Select(l => l.DiffId) } }));
            await File.WriteAllBytesAsync(Path.Combine(directory, "manifest.json"), JsonSerializer.SerializeToUtf8Bytes(new
            {
                schemaVersion = 2,
                mediaType = "application/vnd.oci.image.manifest.v1+json",
                config = new { mediaType = "application/vnd.oci.image.config.v1+json", digest = "sha256:" + config.Hex, size = config.Size },
                layers = layers.Select(l => new { mediaType = "application/vnd.oci.image.layer.v1.tar+gzip", digest = "sha256:" + l.Hex, size = l.Size }),
            }));
            await Tool.TimeAsync($"skopeo copy -q --dest-tls-verify=false dir:{directory} docker://127.0.0.1:{port}/app{i}:v1", folder.At());
            unique[config.Hex] = config.Size;
            layers.ForEach(l => unique[l.Hex] = l.Size);
            Directory.Delete(directory, recursive: true);
        }

        return unique.Values.Sum();
    }

    private static (string Hex, long Size, string DiffId) WriteLayer(string directory, int seed, int size)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"content{seed}") { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        }

        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        var (hex, length) = Write(directory, zipped.ToArray());
        return (hex, length, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(tar.ToArray())));
    }

    private static (string Hex, long Size) Write(string directory, byte[] bytes)
    {
        var hex = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(directory, hex), bytes);
        return (hex, bytes.Length);
    }
}
