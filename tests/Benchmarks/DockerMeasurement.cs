using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks;

/// <summary>
/// Whole runs, downloads from a local web server and registry included, on three docker nodes with 12 files (320 MB) and 10 images (253 MB of distinct layers):
/// everything, nothing, one image and one file changed, and a fourth node.
/// </summary>
internal static class DockerMeasurement
{
    private const int Images = 10;
    private static readonly int[] Megabytes = [60, 55, 50, 40, 35, 25, 20, 15, 8, 5, 4, 3];

    public static async Task<int> RunAsync()
    {
        Tool.Find("skopeo");
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, [.. new[] { "n1", "n2", "n3", "n4" }.Select(n => (n, "docker"))]);
        var sums = MakeFiles(folder.At("www"));
        await PushImagesAsync(folder, lab.RegistryPort);
        var (nginx, url) = await FileFetchMeasurement.ServeAsync(folder, tls: false);
        try
        {
            var host = new BuildHost(folder, lab);
            await host.WriteCatalogueAsync(Catalogue(url, sums, lab.RegistryPort, "v1"));
            await lab.WriteInventoryAsync(null, "n1", "n2", "n3");
            Print("cold", await host.RunAsync("Provision"));
            var nothing = new List<HostRun>();
            for (var i = 0; i < 5; i++)
            {
                nothing.Add(await host.RunAsync("Provision"));
            }

            Print("no-op", nothing.OrderBy(r => r.Seconds).ElementAt(2));
            await host.WriteCatalogueAsync(Catalogue(url, sums, lab.RegistryPort, "v2"));
            Print("one image and one file", await host.RunAsync("Provision"));
            await lab.WriteInventoryAsync();
            Print("a fourth node", await host.RunAsync("Provision"));
            return 0;
        }
        finally
        {
            nginx.Kill(entireProcessTree: true);
            nginx.Dispose();
        }
    }

    private static void Print(string what, HostRun run) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-24} {run.Seconds,6:0.00} s (own work {run.Work:0.00} s), at most {run.Nodes.Max(n => n.BytesSent) / 1e6:0.000} MB to a node, peak memory {run.PeakMemory / 1e6:0} MB"));

    private static Dictionary<string, string> MakeFiles(string directory)
    {
        Directory.CreateDirectory(directory);
        var random = new Random(1);
        var sums = new Dictionary<string, string>();
        foreach (var (name, size) in Megabytes.Select((m, i) => ($"file{i}-v1", m)).Append(("file0-v2", Megabytes[0])))
        {
            var content = new byte[size * 1_000_000];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(directory, name), content);
            sums[name] = Convert.ToHexStringLower(SHA256.HashData(content));
        }

        return sums;
    }

    private static async Task PushImagesAsync(Folder folder, int port)
    {
        var layout = new ImageLayout(folder.At("layout"));
        var lower = layout.AddLayer(1, 63);
        var middle = new[] { layout.AddLayer(2, 30), layout.AddLayer(3, 30) };
        foreach (var (name, i, seed) in Enumerable.Range(0, Images).Select(i => ($"app{i}:v1", i, 10 + i)).Append(("app0:v2", 0, 30)))
        {
            layout.AddImage(name, lower, middle[i % 2], layout.AddLayer(seed, 13));
            await Tool.TimeAsync($"skopeo copy -q --dest-tls-verify=false oci:{folder.At("layout")}:{name} docker://127.0.0.1:{port}/{name}", folder.At());
        }

        Directory.Delete(folder.At("layout"), recursive: true);
    }

    private static string Catalogue(string url, Dictionary<string, string> sums, int port, string firstVersion)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"kubecache_registries: [{{ registry: '127.0.0.1:{port}', plain_http: true }}]\ndownloads:\n");
        for (var i = 0; i < Megabytes.Length; i++)
        {
            var name = $"file{i}-{(i == 0 ? firstVersion : "v1")}";
            text.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: '{url}/{name}', checksum: 'sha256:{sums[name]}', dest: /opt/bench/file{i}, mode: '0755', groups: [k8s_cluster] }}\n");
        }

        for (var i = 0; i < Images; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  app{i}: {{ enabled: true, container: true, repo: '127.0.0.1:{port}/app{i}', tag: {(i == 0 ? firstVersion : "v1")}, groups: [k8s_cluster] }}\n");
        }

        return text.ToString();
    }
}
