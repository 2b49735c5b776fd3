using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;

namespace Benchmarks;

/// <summary>A second fetch of 100 artifacts when the store has them all. No server runs, so a request would fail.</summary>
internal static class NothingToDoMeasurement
{
    private const int Artifacts = 100;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        using var store = ContentStore.Open(folder.At("cache"));
        var files = new List<PlannedFile>();
        for (var i = 0; i < Artifacts; i++)
        {
            var content = RandomNumberGenerator.GetBytes(10_000);
            var path = folder.At($"file{i}");
            await File.WriteAllBytesAsync(path, content);
            var checksum = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
            await using var fetcher = new Fetcher(store, new FetchSettings());
            await fetcher.FetchAsync(new FileArtifact { Name = "file", Url = new Uri(path).AbsoluteUri, Checksum = Checksum.Parse(checksum) }, NoProgress.Instance, CancellationToken.None);
            files.Add(new PlannedFile("http://localhost:1/never-asked", checksum));
        }

        var plan = new FetchPlan(folder.At("cache"), files, []);
        await Series.RunAsync(
            ("first in a fresh process", async () => (await FetchChild.StartAsync(plan)).Seconds),
            ("in a process that is warm", async () => (await FetchChild.StartAsync(plan)).AgainSeconds));
        return 0;
    }
}
