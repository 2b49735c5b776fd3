namespace Cake.KubeCache;

/// <summary>What a prune removed, or would remove.</summary>
/// <param name="Artifacts">Content keys of the artifacts.</param>
/// <param name="Blobs">Blobs that nothing needs then.</param>
/// <param name="Bytes">Bytes that become free.</param>
/// <param name="Applied">Whether they were removed.</param>
public sealed record StorePruning(IReadOnlyList<string> Artifacts, int Blobs, long Bytes, bool Applied);
