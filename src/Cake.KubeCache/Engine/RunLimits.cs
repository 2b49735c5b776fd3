namespace Cake.KubeCache.Engine;

/// <summary>How much runs at a time.</summary>
/// <param name="Downloads">Downloads.</param>
/// <param name="Pushes">Deliveries over all nodes.</param>
internal sealed record RunLimits(int Downloads, int Pushes)
{
    /// <summary>Deliveries of files to one node: enough to hide a round trip, few enough to leave the wire to images.</summary>
    public const int FilesPerNode = 2;

    /// <summary>Imports at a time on one node: parallel imports of images that share layers would unpack them twice.</summary>
    public const int ImagesPerNode = 1;
}
