using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>What the caller asked of a plan.</summary>
internal sealed record PlanOptions
{
    /// <summary>Tags are to be resolved anew although the store has them.</summary>
    public bool Refresh { get; init; }

    /// <summary>This machine fetches everything, whoever downloads for the hosts otherwise.</summary>
    public bool Here { get; init; }

    /// <summary>Contents that nodes downloaded for themselves in earlier runs, by content key: what a tag turned out to be.</summary>
    public IReadOnlyDictionary<string, StoredArtifact> Known { get; init; } = new Dictionary<string, StoredArtifact>();

    /// <summary>What reading the input found doubtful.</summary>
    public IReadOnlyList<Fault> Warnings { get; init; } = [];
}
