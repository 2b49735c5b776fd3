using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Probe;

/// <summary>What planning sees of a node's state: an immutable copy.</summary>
internal static class FactsOf
{
    /// <summary>Copies the state.</summary>
    public static NodeFacts State(string node, NodeState state) => new()
    {
        Node = node,
        Machine = state.Machine,
        System = state.System,
        DistributionId = state.DistributionId,
        DistributionVersion = state.DistributionVersion,
        RuntimeVersion = state.RuntimeVersion,
        Images = new Dictionary<string, NodeImage>(state.Images),
        Blobs = state.Blobs.Concat(state.ArchivedBlobs.Keys).ToHashSet(),
        Chains = state.Chains.ToHashSet(),
        Files = state.Files.ToDictionary(f => f.Key, f => File(f.Key, f.Value, state)),
        DeliveredImages = state.Delivered.GroupBy(i => i.Reference).ToDictionary(g => g.Key, g => g.Last().Digest),
        FreeBytes = new Dictionary<string, long>(state.FreeBytes),
        Tools = state.Tools.ToHashSet(),
    };

    private static NodeFile File(string path, KnownFile file, NodeState state)
    {
        var unpacked = state.Unpacked.GetValueOrDefault(path) is { } archive && archive.Digest == file.Digest ? archive : null;
        return new NodeFile(file.Digest, file.Size, file.Owner, file.Mode, unpacked is not null) { Delivered = file.Ours, UnpackKey = unpacked?.Key };
    }
}
