using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks;

/// <summary>
/// Four files and an image, 120 MB together, from a warm cache to six nodes behind one uplink of 200 Mbit/s, while the nodes have a fast network between
/// them: pushed to each, passed on by the nodes, and by ssh.
/// </summary>
internal static class FanoutMeasurement
{
    private const int Nodes = 6;
    private const int Files = 4;
    private const int Megabits = 200;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, [.. Enumerable.Range(1, Nodes).Select(n => (string.Create(CultureInfo.InvariantCulture, $"n{n}"), "none"))]);
        var host = new BuildHost(folder, lab) { Where = lab.Control };
        var layout = new ImageLayout(folder.At("layout"));
        layout.AddImage("bench.local/app:v1", layout.AddLayer(1, 20), layout.AddLayer(2, 20));
        layout.Pack(folder.At("images.tar"));
        var catalogue = new StringBuilder("kubecache_image_dir: /opt/bench/images\ndownloads:\n  app: { enabled: true, container: true, repo: bench.local/app, tag: v1, groups: [k8s_cluster] }\n");
        for (var i = 0; i < Files; i++)
        {
            var content = RandomNumberGenerator.GetBytes(20_000_000);
            await File.WriteAllBytesAsync(folder.At($"file{i}"), content);
            catalogue.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: 'file://{folder.At($"file{i}")}', checksum: 'sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}', dest: /opt/bench/file{i}, mode: '0755', groups: [k8s_cluster] }}\n");
        }

        await host.WriteCatalogueAsync(catalogue.ToString());
        await lab.WriteBridgeInventoryAsync();
        var archive = $"--image-archive={folder.At("images.tar")}";
        await host.RunAsync("Fetch", archive);
        await lab.LimitUplinkAsync(Megabits);
        var all = $"cat {folder.At("images.tar")} {string.Join(' ', Enumerable.Range(0, Files).Select(i => folder.At($"file{i}")))}";
        var copy = LabNodes.SideBySide(Enumerable.Range(1, Nodes).Select(n => $"{all} | {lab.BridgeSsh($"n{n}", "-c aes128-gcm@openssh.com")} \"cat > /opt/all\""));
        var wire = new Dictionary<string, long>(StringComparer.Ordinal);
        var medians = await Series.RunAsync(3,
            ("cat | ssh cat, six", () => MeteredAsync("cat | ssh cat, six", () => Tool.TimeAsync(copy, folder.At()))),
            ("Provision", () => MeteredAsync("Provision", async () => (await host.RunAsync("Provision", archive)).Seconds)),
            ("Provision, fan-out to two", () => MeteredAsync("Provision, fan-out to two", async () => (await host.RunAsync("Provision", archive + " --set=kubecache_fanout=2")).Seconds)));
        foreach (var (way, bytes) in wire)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way,-28} {bytes / 1e6:0} MB on the uplink"));
        }

        Series.Ratio("ssh against fan-out", medians["cat | ssh cat, six"] / medians["Provision, fan-out to two"]);
        Series.Ratio("Provision without against with fan-out", medians["Provision"] / medians["Provision, fan-out to two"]);
        return 0;

        async Task<double> MeteredAsync(string way, Func<Task<double>> run)
        {
            await lab.OnAllAsync("rm -rf /opt/bench /opt/all");
            var before = await lab.SentAsync();
            var seconds = await run();
            wire[way] = await lab.SentAsync() - before;
            return seconds;
        }
    }
}
