using Cake.KubeCache.Engine;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Targets;

/// <summary>Tasks to execute → the part of the plan that they cover.</summary>
internal static class TargetScope
{
    /// <summary>The scope.</summary>
    /// <param name="names">Names of the tasks to execute; of the requested ones alone when they run exclusively.</param>
    /// <param name="plan">The plan whose targets they are.</param>
    /// <param name="needs">What the pushes come after; its joins are tasks too.</param>
    /// <param name="prefix">What stands before the targets' names.</param>
    /// <param name="exclusive">Whether a verb stands for all of its parts, which are not executed beside it.</param>
    public static RunScope Of(IReadOnlySet<string> names, Plan plan, PushNeeds needs, string prefix, bool exclusive)
    {
        var provision = exclusive && Has(TargetNames.Provision);
        var allFetches = Has(TargetNames.FetchAll) || provision;
        var allPushes = Has(TargetNames.PushAll) || provision;
        var fetches = plan.Artifacts.Select(a => a.Artifact.Name).Where(a => Has(TargetNames.Fetch(a))).ToHashSet(StringComparer.Ordinal);
        fetches.UnionWith(needs.Joins.Where(j => Has(j.Name)).SelectMany(j => j.Artifacts));
        var pushes = plan.Nodes.Select(n => n.Node.Name).Where(n => Has(TargetNames.Push(n))).ToHashSet(StringComparer.Ordinal);
        var pushesAny = allPushes || pushes.Count > 0;
        return new RunScope
        {
            Verb = allPushes && allFetches ? "Provision" : pushesAny ? "Push" : "Fetch",
            Fetches = allFetches || fetches.Count > 0,
            Probes = pushesAny,
            Pushes = pushesAny,
            Artifacts = allFetches || pushesAny ? null : fetches,
            Nodes = allPushes || !pushesAny ? null : pushes,
        };

        bool Has(string name) => names.Contains(prefix + name);
    }
}
