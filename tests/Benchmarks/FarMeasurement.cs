using System.Globalization;
using System.Security.Cryptography;
using Cake.KubeCache.Integration.Lab;

namespace Benchmarks;

/// <summary>A file of 100 MB that cannot be compressed, to a node whose answers take 50 ms, against <c>scp</c> over the same wire.</summary>
internal static class FarMeasurement
{
    private const int Size = 100_000_000;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, ("n1", "none"));
        await using var wire = new FaultyWire(lab.PortOf("n1"), RoundTrip);
        var content = RandomNumberGenerator.GetBytes(Size);
        await File.WriteAllBytesAsync(folder.At("file"), content);
        var key = (await File.ReadAllTextAsync(lab.KnownHosts)).Split('\n')[0].Split(' ', 2)[1];
        await File.WriteAllTextAsync(folder.At("known_hosts"), string.Create(CultureInfo.InvariantCulture, $"[127.0.0.1]:{wire.Port} {key}\n"));
        var host = new BuildHost(folder, lab) { KnownHosts = folder.At("known_hosts") };
        await host.WriteCatalogueAsync($"downloads:\n  file: {{ enabled: true, file: true, url: 'file://{folder.At("file")}', checksum: 'sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}', dest: /opt/bench/file, mode: '0644', groups: [k8s_cluster] }}\n");
        await lab.WriteInventoryAsync(wire.Port);
        await host.RunAsync("Fetch");
        var scp = string.Create(CultureInfo.InvariantCulture, $"scp -q -F none -P {wire.Port} -i {lab.IdentityFile} -o UserKnownHostsFile={folder.At("known_hosts")} {folder.At("file")} root@127.0.0.1:/opt/bench/file");
        var travel = new List<double>();
        var medians = await Series.RunAsync(3,
            ("scp", async () =>
            {
                await EmptyAsync(lab);
                return await Tool.TimeAsync(scp, folder.At());
            }),
            ("Provision, whole process", async () =>
            {
                await EmptyAsync(lab);
                var run = await host.RunAsync("Provision");
                travel.Add(run.Nodes[0].Delivering);
                return run.Seconds;
            }));
        Series.Ratio("scp against the whole process", medians["scp"] / medians["Provision, whole process"]);
        Series.Ratio("scp against the delivery alone", medians["scp"] / Series.Median(travel));
        return 0;
    }

    private static Task<double> EmptyAsync(LabNodes lab) => lab.OnAllAsync("rm -rf /opt/bench; mkdir -p /opt/bench");
}
