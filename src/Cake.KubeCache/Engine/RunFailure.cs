using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>A report that is not good → the error that ends the task.</summary>
internal static class RunFailure
{
    /// <summary>Throws when something that was asked for is not done.</summary>
    /// <exception cref="KubeCacheException">Says which node lacks what.</exception>
    public static void ThrowIfAny(RunReport? report)
    {
        if (report is null or { Succeeded: true })
        {
            return;
        }

        throw new KubeCacheException(ErrorKind.GiveUp, Faults(report));
    }

    /// <summary>What failed: artifacts that were not fetched, and nodes with what they lack; empty when all is well.</summary>
    public static IReadOnlyList<Fault> Faults(RunReport report) =>
        [
            .. report.Artifacts.Where(a => a.State is StepState.Failed or StepState.Canceled).Select(a => new Fault($"{a.Artifact} was not fetched") { Got = a.Error }),
            .. report.Nodes.Where(n => !n.State.IsGood()).Select(n => new Fault($"{n.Node} is not up to date") { Got = n.Error ?? Difference(n) }),
        ];

    /// <summary>Throws when nodes are not as planned.</summary>
    /// <exception cref="KubeCacheException">A node was not reached, or (<see cref="ErrorKind.Drift"/>) some lack something.</exception>
    public static void ThrowIfDrifted(RunReport report)
    {
        if (report.Nodes.Any(n => n.State == StepState.Failed))
        {
            ThrowIfAny(report);
        }

        var drifted = report.Nodes.Where(n => n.State != StepState.UpToDate).ToList();
        if (drifted.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Drift, [.. drifted.Select(n => new Fault($"{n.Node} is not as planned") { Got = Difference(n), Hint = "Provision brings it up to date" })]);
        }
    }

    private static string Difference(NodeReport node)
    {
        var extra = node.Extras.Where(e => !e.State.IsGood()).Select(e => e.Error is null ? e.Name : $"{e.Name} ({e.Error})").ToList();
        return string.Join("; ", new[]
        {
            node.Lacking.Count > 0 ? $"it lacks {string.Join(", ", node.Lacking)}" : "",
            extra.Count > 0 ? $"it has what nothing wants any more: {string.Join(", ", extra)}" : "",
        }.Where(t => t.Length > 0));
    }

    /// <summary>Throws when the store is damaged and was not repaired.</summary>
    /// <exception cref="KubeCacheException">Names each damaged blob and who owns it.</exception>
    public static void ThrowIfDamaged(StoreVerification found)
    {
        if (!found.Whole)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, found.Bad);
        }
    }
}
