using Cake.KubeCache.Model;

namespace Cake.KubeCache;

/// <summary>What a verification of the store found.</summary>
/// <param name="Blobs">Blobs that were hashed.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Bad">What is damaged, with the artifacts that own it.</param>
/// <param name="Repaired">Whether the damaged content was put aside and fetched again.</param>
public sealed record StoreVerification(int Blobs, long Bytes, IReadOnlyList<Fault> Bad, bool Repaired)
{
    /// <summary>Whether the store is whole now.</summary>
    public bool Whole => Bad.Count == 0 || Repaired;
}
