namespace Cake.KubeCache.Presentation.Live;

/// <summary>What all transfers of a run came to so far.</summary>
/// <param name="Bytes">Bytes moved, by finished transfers too.</param>
/// <param name="Rate">Bytes per second at the moment.</param>
internal sealed record LiveTotal(long Bytes, double Rate);
