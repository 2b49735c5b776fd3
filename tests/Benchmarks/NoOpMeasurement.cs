using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks;

/// <summary>
/// A second provisioning of the lab's three nodes (containerd, docker, containers-storage) with 20 files each, as people call it, against three
/// parallel <c>ssh node true</c> with fresh connections.
/// </summary>
internal static class NoOpMeasurement
{
    private const int Files = 20;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, ("n1", "containerd"), ("n2", "docker"), ("n3", "podman"));
        var host = new BuildHost(folder, lab);
        await host.WriteCatalogueAsync(await CatalogueAsync(folder));
        await lab.WriteInventoryAsync();
        await host.RunAsync("Provision");
        var runs = new List<HostRun>();
        var medians = await Series.RunAsync(
            ("three parallel ssh true", () => lab.OnAllAsync("true")),
            ("no-op provision, whole process", () => host.TimeNothingAsync("Provision")),
            ("the same with a report", async () =>
            {
                runs.Add(await host.RunAsync("Provision"));
                return runs[^1].Seconds;
            }
        ));
        Series.Ratio("whole process against ssh", medians["no-op provision, whole process"] / medians["three parallel ssh true"]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole process less ssh {medians["no-op provision, whole process"] - medians["three parallel ssh true"]:0.000} s; its own work {Series.Median([.. runs.Select(r => r.Work)]):0.00} s; probes {string.Join(' ', runs[0].Nodes.Select((n, i) => Series.Median([.. runs.Select(r => r.Nodes[i].Probe)]).ToString("0.00", CultureInfo.InvariantCulture)))} s"));
        return 0;
    }

    private static async Task<string> CatalogueAsync(Folder folder)
    {
        var catalogue = new StringBuilder("downloads:\n");
        for (var i = 0; i < Files; i++)
        {
            var content = RandomNumberGenerator.GetBytes(100_000);
            await File.WriteAllBytesAsync(folder.At($"file{i}"), content);
            catalogue.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: 'file://{folder.At($"file{i}")}', checksum: 'sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}', dest: /opt/bench/file{i}, mode: '0755', groups: [k8s_cluster] }}\n");
        }

        return catalogue.ToString();
    }
}
