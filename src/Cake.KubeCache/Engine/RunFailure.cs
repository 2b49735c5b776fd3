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

        throw new KubeCacheException(ErrorKind.GiveUp, [
            .. report.Artifacts.Where(a => a.State is StepState.Failed or StepState.Canceled).Select(a => new Fault($"{a.Artifact} was not fetched") { Got = a.Error }),
            .. report.Nodes.Where(n => !n.State.IsGood()).Select(n => new Fault($"{n.Node} is not up to date") { Got = n.Error ?? $"it lacks {string.Join(", ", n.Lacking)}" }),
        ]);
    }
}
