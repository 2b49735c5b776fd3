using System.Diagnostics;
using System.Globalization;
using Cake.KubeCache.Execution;

namespace Benchmarks;

/// <summary>
/// The graph runner alone, as a run has it: fetches, deliveries that each need one of them and queue for their node, and an item for each node at
/// its end. No item does anything, so all of the time is the runner's.
/// </summary>
internal static class RunnerMeasurement
{
    private const int Nodes = 160;
    private const int Artifacts = 61;

    public static async Task<int> RunAsync()
    {
        var items = Items();
        var limits = Enumerable.Range(0, Nodes).ToDictionary(n => $"node {n}", _ => 2);
        limits["downloads"] = 8;
        limits["pushes"] = 16;
        var medians = await Series.RunAsync(("check and run the graph", () => MeasureAsync(items, limits)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{items.Count} items, each                            {medians.Values.Single() / items.Count * 1000:0.0000} ms"));
        return 0;
    }

    private static async Task<double> MeasureAsync(List<WorkItem> items, Dictionary<string, int> limits)
    {
        var clock = Stopwatch.StartNew();
        await using var runner = new WorkRunner(new WorkGraph(items), limits, CancellationToken.None);
        var results = await runner.RunAsync();
        return results.Count == items.Count && results.All(r => r.State == WorkState.Succeeded)
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException("not every item ran");
    }

    private static List<WorkItem> Items() =>
    [
        .. Enumerable.Range(0, Artifacts).Select(a => Item($"fetch {a}", [], ["downloads"])),
        .. Enumerable.Range(0, Nodes).SelectMany(n => Enumerable.Range(0, Artifacts).Select(a => Item($"push {n} {a}", [$"fetch {a}"], [$"node {n}", "pushes"]))),
        .. Enumerable.Range(0, Nodes).Select(n => Item($"after {n}", [.. Enumerable.Range(0, Artifacts).Select(a => $"push {n} {a}")], [])),
    ];

    private static WorkItem Item(string key, IReadOnlyList<string> needs, IReadOnlyList<string> lanes) =>
        new() { Key = key, Needs = needs, Lanes = lanes, Priority = key.Length, Work = _ => Task.CompletedTask };
}
