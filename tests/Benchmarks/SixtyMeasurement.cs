using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks;

/// <summary>A second provisioning of sixty nodes, each with namespaces, root and sshd of its own and a folder of archives as runtime.</summary>
internal static class SixtyMeasurement
{
    private const int Nodes = 60;
    private const int Files = 5;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, [.. Enumerable.Range(1, Nodes).Select(n => (string.Create(CultureInfo.InvariantCulture, $"n{n}"), "none"))]);
        var host = new BuildHost(folder, lab);
        var layout = new ImageLayout(folder.At("layout"));
        layout.AddImage("bench.local/app:v1", layout.AddLayer(1, 1));
        layout.Pack(folder.At("images.tar"));
        var catalogue = new StringBuilder("kubecache_image_dir: /opt/bench/images\ndownloads:\n  app: { enabled: true, container: true, repo: bench.local/app, tag: v1, groups: [k8s_cluster] }\n");
        for (var i = 0; i < Files; i++)
        {
            var content = RandomNumberGenerator.GetBytes(100_000);
            await File.WriteAllBytesAsync(folder.At($"file{i}"), content);
            catalogue.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: 'file://{folder.At($"file{i}")}', checksum: 'sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}', dest: /opt/bench/file{i}, mode: '0755', groups: [k8s_cluster] }}\n");
        }

        await host.WriteCatalogueAsync(catalogue.ToString());
        await lab.WriteInventoryAsync();
        var archive = $"--image-archive={folder.At("images.tar")}";
        var first = await host.RunAsync("Provision", archive);
        var peak = 0L;
        var medians = await Series.RunAsync(3,
            ("sixty parallel ssh true", () => lab.OnAllAsync("true")),
            ("no-op provision, whole process", async () =>
            {
                var run = await host.RunAsync("Provision", archive);
                peak = Math.Max(peak, run.PeakMemory);
                return run.UpToDate ? run.Seconds : throw new InvalidOperationException("it was not up to date");
            }));
        Series.Ratio("whole process against ssh", medians["no-op provision, whole process"] / medians["sixty parallel ssh true"]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak memory {peak / 1e6:0} MB; the first provision took {first.Seconds:0.0} s and {first.PeakMemory / 1e6:0} MB"));
        return 0;
    }
}
