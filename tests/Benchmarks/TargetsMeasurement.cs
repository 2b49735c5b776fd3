using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;

namespace Benchmarks;

/// <summary>
/// What the targets of a large cluster cost under Cake when all of them are skipped: the whole process, from an inventory and a cache that
/// remember every node as up to date, less the same process with one artifact and one node. A dry run, so that no node is asked.
/// </summary>
internal static class TargetsMeasurement
{
    private const int Artifacts = 60;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        await WriteAsync(folder, "one", 1, 1);
        await WriteAsync(folder, "hundred", Artifacts, 100);
        await WriteAsync(folder, "thousand", Artifacts, 1000);
        var medians = await Series.RunAsync(
            ("Cake, 1 artifact x 1 node", () => RunAsync(folder, "one", 1)),
            ("plan of 60 x 100, no targets", () => RunAsync(folder, "hundred", 100, plan: true)),
            ("60 x 100", () => RunAsync(folder, "hundred", 100)),
            ("60 x 1,000", () => RunAsync(folder, "thousand", 1000)));
        Print("60 x 100 over Cake's own start", medians["60 x 100"] - medians["Cake, 1 artifact x 1 node"]);
        Print("60 x 1,000 over Cake's own start", medians["60 x 1,000"] - medians["Cake, 1 artifact x 1 node"]);
        return 0;
    }

    private static async Task<double> RunAsync(Folder folder, string name, int nodes, bool plan = false)
    {
        var took = await Tool.TimeAsync(
            $"dotnet {Repository.Host} --target={(plan ? "Plan" : "Provision --dryrun")} --inventory={folder.At(name + ".ini")} --catalogue={folder.At(name)} --cache={folder.At(name + ".cache")} >{folder.At("log")} 2>&1",
            folder.At());

        // A measurement of something else would be worse than none. A dry run lists what is not skipped.
        var log = await File.ReadAllLinesAsync(folder.At("log"));
        var upToDate = log.Count(l => l.Contains("up to date, 0 to push, 0 unknown", StringComparison.Ordinal));
        return upToDate == nodes && !log.Any(l => l.Contains("Push-", StringComparison.Ordinal))
            ? took
            : throw new InvalidOperationException($"{upToDate} of {nodes} nodes were up to date:\n{string.Join('\n', log.TakeLast(30))}");
    }

    private static void Print(string what, double seconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {seconds:0.000} s"));

    private static async Task WriteAsync(Folder folder, string name, int artifacts, int nodes)
    {
        folder.Renew(name);
        var cache = folder.At(name + ".cache");
        var files = new Dictionary<string, NodeFile>();
        var catalogue = new StringBuilder("local_release_dir: /opt/bench\ndownloads:\n");
        using (var store = ContentStore.Open(cache))
        {
            await using var fetcher = new Fetcher(store, new FetchSettings());
            for (var i = 0; i < artifacts; i++)
            {
                var content = RandomNumberGenerator.GetBytes(1000);
                await File.WriteAllBytesAsync(folder.At("content"), content);
                var digest = Convert.ToHexStringLower(SHA256.HashData(content));
                await fetcher.FetchAsync(
                    new FileArtifact { Name = $"file{i}", Url = new Uri(folder.At("content")).AbsoluteUri, Checksum = Checksum.Parse("sha256:" + digest) }, NoProgress.Instance, CancellationToken.None);
                files[$"/opt/bench/file{i}"] = new NodeFile(Digest.Parse("sha256:" + digest), content.Length, "root", "0755", false);
                catalogue.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: 'http://localhost:1/file{i}', checksum: 'sha256:{digest}', dest: /opt/bench/file{i}, owner: root, mode: '0755', groups: [k8s_cluster] }}\n");
            }
        }

        await File.WriteAllTextAsync(folder.At(name, "downloads.yml"), catalogue.ToString());
        var memory = new NodeMemory(cache);
        var inventory = new StringBuilder("[k8s_cluster]\n");
        for (var i = 0; i < nodes; i++)
        {
            inventory.Append(CultureInfo.InvariantCulture, $"node{i:0000} ansible_host=192.0.2.1\n");
            memory.Keep(new NodeFacts { Node = $"node{i:0000}", Machine = "x86_64", Files = files });
        }

        await File.WriteAllTextAsync(folder.At(name + ".ini"), inventory.ToString());
    }
}
