using System.Diagnostics.CodeAnalysis;

namespace Cake.KubeCache.Model;

/// <summary>What the store held at one moment: the cache manifest as a value.</summary>
public sealed class StoreSnapshot(IReadOnlyDictionary<string, StoredArtifact> artifacts)
{
    /// <summary>A store with nothing in it.</summary>
    public static StoreSnapshot Empty { get; } = new(new Dictionary<string, StoredArtifact>());

    /// <summary>Entries by content key.</summary>
    public IReadOnlyDictionary<string, StoredArtifact> Artifacts { get; } = artifacts;

    /// <summary>Looks an artifact up by its content key.</summary>
    public bool TryGet(Artifact artifact, [NotNullWhen(true)] out StoredArtifact? stored) => Artifacts.TryGetValue(artifact.ContentKey, out stored);
}
