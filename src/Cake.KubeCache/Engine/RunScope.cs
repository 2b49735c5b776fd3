using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>Which part of a plan a run carries out.</summary>
internal sealed record RunScope
{
    /// <summary>What the run is called in its report.</summary>
    public required string Verb { get; init; }

    /// <summary>Whether contents are brought into the store.</summary>
    public bool Fetches { get; init; }

    /// <summary>Whether nodes are asked what they have.</summary>
    public bool Probes { get; init; }

    /// <summary>Whether artifacts are brought onto nodes.</summary>
    public bool Pushes { get; init; }

    /// <summary>Whether everything is resolved anew and the lock file is written.</summary>
    public bool Locks { get; init; }

    /// <summary>Only the artifacts of these names; null for all.</summary>
    public IReadOnlySet<string>? Artifacts { get; init; }

    /// <summary>Only these nodes; null for all.</summary>
    public IReadOnlySet<string>? Nodes { get; init; }

    /// <summary>Everything into the store, no node asked.</summary>
    public static RunScope Fetch { get; } = new() { Verb = "Fetch", Fetches = true };

    /// <summary>Everything into the store anew, and into the lock file.</summary>
    public static RunScope Lock { get; } = new() { Verb = "Lock", Fetches = true, Locks = true };

    /// <summary>What is in the store onto the nodes.</summary>
    public static RunScope Push { get; } = new() { Verb = "Push", Probes = true, Pushes = true };

    /// <summary>Everything into the store and onto the nodes.</summary>
    public static RunScope Provision { get; } = new() { Verb = "Provision", Fetches = true, Probes = true, Pushes = true };

    /// <summary>Nothing is changed; nodes are asked.</summary>
    public static RunScope Status { get; } = new() { Verb = "Status", Probes = true };

    /// <summary>Nothing is changed and nobody is asked.</summary>
    public static RunScope Plan { get; } = new() { Verb = "Plan" };

    /// <summary>The part of the plan that is in the scope: contents by name or because a node in the scope wants them.</summary>
    public Plan Restrict(Plan plan)
    {
        var nodes = !Probes ? plan.Nodes : [.. plan.Nodes.Where(n => Nodes?.Contains(n.Node.Name) ?? true)];
        var wanted = nodes.SelectMany(n => n.Deliveries).Select(d => d.Artifact.ContentKey).ToHashSet(StringComparer.Ordinal);
        return plan with
        {
            Nodes = nodes,
            Artifacts = [.. plan.Artifacts.Where(a => Artifacts?.Contains(a.Artifact.Name) ?? (Nodes is null || wanted.Contains(a.Artifact.ContentKey)))],
        };
    }
}
