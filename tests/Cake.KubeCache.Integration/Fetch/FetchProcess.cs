using System.Diagnostics;
using System.Text.Json;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>A fetch in a process of its own, which a test may kill: this test program again, with one explicit test.</summary>
internal sealed class FetchProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly string _said;

    private FetchProcess(Process process, string said)
    {
        (_process, _said) = (process, said);
        _output = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it told about its progress so far, or the error that ended it.</summary>
    public string Said => File.Exists(_said) ? File.ReadAllText(_said) : "";

    public static FetchProcess Start(FetchPlan plan, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] own = Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? [typeof(FetchProcess).Assembly.Location] : [];
        foreach (var argument in own.Concat(["-explicit", "only", "-method", $"{typeof(FetchProcessChild).FullName}.{nameof(FetchProcessChild.Fetches)}", "-noColor"]))
        {
            start.ArgumentList.Add(argument);
        }

        var said = plan.Cache + "-said-" + Guid.NewGuid().ToString("N");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.Environment[FetchProcessChild.PlanVariable] = JsonSerializer.Serialize(plan with { Said = said });
        return new FetchProcess(Process.Start(start)!, said);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end; true when it fetched everything.</summary>
    public async Task<bool> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode == 0;
    }

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task SucceedAsync() => (await EndAsync()).ShouldBeTrue(await _output);

    public void Dispose() => _process.Dispose();
}

/// <summary>What such a process fetches.</summary>
/// <param name="Cache">The store's folder.</param>
/// <param name="Registry">The registry that is asked over plain HTTP.</param>
/// <param name="Files">URLs with their checksums.</param>
/// <param name="Images">References.</param>
internal sealed record FetchPlan(string Cache, string Registry, Dictionary<string, string> Files, List<string> Images)
{
    public string Said { get; init; } = "";
}

/// <summary>Not a test by itself: what the process runs.</summary>
public sealed class FetchProcessChild
{
    internal const string PlanVariable = "KUBECACHE_FETCH_PLAN";

    [Fact(Explicit = true)]
    public async Task Fetches()
    {
        var plan = JsonSerializer.Deserialize<FetchPlan>(Environment.GetEnvironmentVariable(PlanVariable)!)!;
        using var store = ContentStore.Open(plan.Cache);
        await using var fetcher = new Fetcher(store, FetchBench.Plain(plan.Registry));
        var files = plan.Files.Select(f => (Artifact)new FileArtifact { Name = "file", Url = f.Key, Checksum = Checksum.Parse(f.Value) });
        var images = plan.Images.Select(i => (Artifact)FetchBench.Image(ImageReference.Parse(i)));
        var teller = new Teller(plan.Said);
        try
        {
            await Task.WhenAll(files.Concat(images).Select(a => fetcher.FetchAsync(a, teller, CancellationToken.None)));
        }
        catch (KubeCacheException e)
        {
            teller.Say(e.Message);
            throw;
        }
    }

    private sealed class Teller(string path) : ITransferProgress
    {
        private readonly Lock _gate = new();

        public void Advance(long bytes)
        {
        }

        public void Expect(long bytes)
        {
        }

        public void Say(string line)
        {
            lock (_gate)
            {
                File.AppendAllText(path, line + "\n");
            }
        }
    }
}
