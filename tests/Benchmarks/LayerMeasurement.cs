using System.Globalization;

namespace Benchmarks;

/// <summary>A new version of an image of 110 MB whose top layer of 10 MB changed, to one node of each runtime that has the version before it.</summary>
internal static class LayerMeasurement
{
    private const int Versions = 5;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await using var lab = await LabNodes.StartAsync(folder, ("n1", "containerd"), ("n2", "docker"), ("n3", "podman"));
        var host = new BuildHost(folder, lab);
        var layout = new ImageLayout(folder.At("layout"));
        var (lower, middle) = (layout.AddLayer(1, 60), layout.AddLayer(2, 40));
        var missing = 0L;
        for (var version = 0; version <= Versions; version++)
        {
            var top = layout.AddLayer(10 + version, 10);
            missing = top.Size + layout.AddImage($"bench.local/app:v{version}", lower, middle, top);
        }

        layout.Pack(folder.At("images.tar"));
        await host.WriteCatalogueAsync("app_tag: v0\ndownloads:\n  app: { enabled: true, container: true, repo: bench.local/app, tag: '{{ app_tag }}', groups: [k8s_cluster] }\n");
        await lab.WriteInventoryAsync();
        var runs = new List<HostRun>();
        for (var version = 0; version <= Versions; version++)
        {
            var more = $"--image-archive={folder.At("images.tar")} --set=app_tag=v{version}";
            await host.RunAsync("Fetch", more);
            runs.Add(await host.RunAsync("Provision", more));
        }

        runs.RemoveAt(0);
        foreach (var node in new[] { "n1 containerd", "n2 docker", "n3 containers-storage" })
        {
            var mine = runs.Select(r => r.Nodes.Single(n => n.Node == node[..2])).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{node,-24} probe and delivery {Series.Median([.. mine.Select(n => n.Probe + n.Delivering)]):0.00} s, sent {mine.Max(n => n.BytesSent)} of {missing} missing bytes ({mine.Max(n => n.BytesSent) - missing:+0;-0}; limit {(missing * 0.02) + 65_536:+0})"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole process, three nodes at once {Series.Median([.. runs.Select(r => r.Seconds)]):0.00} s"));
        return 0;
    }
}
