using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>
/// Seven images, 700 MB, from a warm cache to three containerd nodes that have none of them, against one archive of the same images that is piped over ssh
/// into each node's import side by side.
/// </summary>
internal static class PushMeasurement
{
    private const int Images = 7;
    private static readonly string[] Names = ["n1", "n2", "n3"];

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, [.. Names.Select(n => (n, "containerd"))]);
        var host = new BuildHost(folder, lab);
        var catalogue = new StringBuilder("downloads:\n");
        var layout = new ImageLayout(folder.At("layout"));
        for (var i = 0; i < Images; i++)
        {
            layout.AddImage($"bench.local/app{i}:v1", layout.AddLayer(i, 60), layout.AddLayer(100 + i, 40));
            catalogue.Append(CultureInfo.InvariantCulture, $"  app{i}: {{ enabled: true, container: true, repo: bench.local/app{i}, tag: v1, groups: [k8s_cluster] }}\n");
        }

        layout.Pack(folder.At("images.tar"));
        Directory.Delete(folder.At("layout"), recursive: true);
        await host.WriteCatalogueAsync(catalogue.ToString());
        await lab.WriteInventoryAsync();
        var archive = $"--image-archive={folder.At("images.tar")}";
        await host.RunAsync("Fetch", archive);
        var import = LabNodes.SideBySide(Names.Select(n => $"cat {folder.At("images.tar")} | {lab.Ssh(n, "-c aes128-gcm@openssh.com")} ctr -n k8s.io images import - >/dev/null"));
        HostRun? last = null;
        var works = new List<double>();
        var medians = await Series.RunAsync(3,
            ("cat | ssh | import, three", async () =>
            {
                await EmptyAsync(lab);
                return await Tool.TimeAsync(import, folder.At());
            }),
            ("Provision, whole process", async () =>
            {
                await EmptyAsync(lab);
                last = await host.RunAsync("Provision", archive);
                works.Add(last.Work);
                return last.Seconds;
            }));
        Series.Ratio("throughput of Provision against ssh", medians["cat | ssh | import, three"] / medians["Provision, whole process"]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"archive {new FileInfo(folder.At("images.tar")).Length / 1e6:0} MB, sent to a node {last!.Nodes.Max(n => n.BytesSent) / 1e6:0} MB, own work {Series.Median(works):0.0} s, peak memory {last.PeakMemory / 1e6:0} MB"));
        return 0;
    }

    // What the last round wrote is on the disk before the next one begins, so that none pays for another.
    private static async Task EmptyAsync(LabNodes lab)
    {
        await lab.OnAllAsync("i=$(ctr -n k8s.io images ls -q); [ -z \"$i\" ] || ctr -n k8s.io images rm --sync $i; rm -rf /opt/bench");
        await Tool.TimeAsync("sync", "/");
    }
}
