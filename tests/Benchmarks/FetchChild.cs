using System.Diagnostics;
using System.Text.Json;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;

namespace Benchmarks;

/// <summary>What a fetch child is to do.</summary>
internal sealed record FetchPlan(string Cache, IReadOnlyList<PlannedFile> Files, IReadOnlyList<string> Images, string? PlainHttpRegistry = null, string? AuthorityFile = null);

/// <summary>A file and what it hashes to.</summary>
internal sealed record PlannedFile(string Url, string Checksum);

/// <summary>What it took.</summary>
internal sealed record FetchResult(double Seconds, long Bytes, long PeakMemory)
{
    /// <summary>The same again in the same process, with everything opened anew.</summary>
    public double AgainSeconds { get; init; }
}

/// <summary>Fetches in a process of its own, so that peak memory is the fetch's and nothing is warm.</summary>
internal static class FetchChild
{
    public static async Task<int> RunAsync()
    {
        var plan = JsonSerializer.Deserialize<FetchPlan>(await Console.In.ReadToEndAsync())!;
        var (seconds, bytes) = await FetchAsync(plan);
        using var self = Process.GetCurrentProcess();
        var peak = self.PeakWorkingSet64;
        var (again, _) = await FetchAsync(plan);
        Console.WriteLine(JsonSerializer.Serialize(new FetchResult(seconds, bytes, peak) { AgainSeconds = again }));
        return 0;
    }

    private static async Task<(double Seconds, long Bytes)> FetchAsync(FetchPlan plan)
    {
        var watch = Stopwatch.StartNew();
        using var store = ContentStore.Open(plan.Cache);
        var settings = new FetchSettings
        {
            Environment = new Dictionary<string, string>(),
            Download = new DownloadSettings
            {
                Proxy = new ProxySettings(null, null, null, plan.AuthorityFile),
                Registries = plan.PlainHttpRegistry is null ? [] : [new RegistrySettings { Registry = plan.PlainHttpRegistry, PlainHttp = true }],
            },
        };
        await using var fetcher = new Fetcher(store, settings);
        var files = plan.Files.Select(f => (Artifact)new FileArtifact { Name = "file", Url = f.Url, Checksum = Checksum.Parse(f.Checksum) });
        var images = plan.Images.Select(i => (Artifact)new ImageArtifact { Name = "image", Reference = ImageReference.Parse(i), Platform = Platform.LinuxAmd64 });
        var outcomes = await Task.WhenAll(files.Concat(images).Select(a => fetcher.FetchAsync(a, NoProgress.Instance, CancellationToken.None)));
        return (watch.Elapsed.TotalSeconds, outcomes.Sum(o => o.BytesReceived));
    }

    /// <summary>Runs the plan in a child process.</summary>
    public static async Task<FetchResult> StartAsync(FetchPlan plan)
    {
        // This program again, whether it was started by itself or by "dotnet Benchmarks.dll".
        var program = Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet", [program, "fetch-child"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        await child.StandardInput.WriteAsync(JsonSerializer.Serialize(plan));
        child.StandardInput.Close();
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0 ? JsonSerializer.Deserialize<FetchResult>(output)! : throw new InvalidOperationException("the fetch failed");
    }
}
