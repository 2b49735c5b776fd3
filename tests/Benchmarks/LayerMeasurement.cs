using System.Globalization;

namespace Benchmarks;

/// <summary>A new version of an image of 110 MB whose top layer of 10 MB changed, to one node of each runtime that has the version before it:
/// one node at a time, and all three at once.</summary>
internal static class LayerMeasurement
{
    private const int Versions = 6;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        (string Name, string Kind)[] nodes = [("n1", "containerd"), ("n2", "docker"), ("n3", "podman")];
        await using var lab = await LabNodes.StartAsync(folder, nodes);
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
        var (together, alone, ssh) = (new List<HostRun>(), new Dictionary<string, List<HostRun>>(), new List<double>());
        for (var version = 0; version <= Versions; version++)
        {
            var more = $"--image-archive={folder.At("images.tar")} --set=app_tag=v{version}";
            await host.RunAsync("Fetch", more);
            if (version % 2 == 0)
            {
                ssh.Add(await lab.OnAllAsync("true"));
                together.Add(await host.RunAsync("Provision", more));
                continue;
            }

            foreach (var (name, _) in nodes)
            {
                alone.TryAdd(name, []);
                alone[name].Add(await host.RunAsync("Provision", $"{more} --limit={name}"));
            }
        }

        together.RemoveAt(0);
        foreach (var (name, kind) in nodes)
        {
            var atOnce = together.Select(r => r.Nodes.Single(n => n.Node == name)).ToList();
            var one = alone[name].Select(r => r.Nodes.Single(n => n.Node == name)).ToList();
            var most = atOnce.Concat(one).Max(n => n.BytesSent);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-12} probe {Series.Median([.. one.Select(n => n.Probe)]):0.00} s, delivery {Series.Median([.. one.Select(n => n.Delivering)]):0.00} s alone; {Series.Median([.. atOnce.Select(n => n.Probe)]):0.00} s and {Series.Median([.. atOnce.Select(n => n.Delivering)]):0.00} s with the others; sent {most} bytes, missing {missing} ({most - missing:+0;-0}; limit {(missing * 0.02) + 65_536:+0})"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole process {Series.Median([.. alone.Values.SelectMany(r => r).Select(r => r.Seconds)]):0.00} s for one node, {Series.Median([.. together.Select(r => r.Seconds)]):0.00} s for three; three parallel ssh true {Series.Median(ssh):0.00} s"));
        return 0;
    }
}
