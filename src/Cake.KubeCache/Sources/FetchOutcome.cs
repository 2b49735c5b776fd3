using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>What fetching one artifact came to.</summary>
internal sealed record FetchOutcome
{
    /// <summary>What the store now holds.</summary>
    public required StoredArtifact Stored { get; init; }

    /// <summary>Bytes that were moved for it by this call, repeated ones included; what another call moved is counted there.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Whether the store had it, so that nothing was fetched.</summary>
    public bool AlreadyThere { get; init; }

    /// <summary>What is worth telling: a moved tag, a checksum taken on trust, a registry's rate limit.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
