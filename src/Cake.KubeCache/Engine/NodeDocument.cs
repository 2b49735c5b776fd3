using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>What is remembered of a node, as it is written.</summary>
internal sealed record NodeDocument(int Schema, string Machine, string System, string DistributionId, string DistributionVersion, Dictionary<string, NodeImageEntry> Images, Dictionary<string, NodeFileEntry> Files)
{
    /// <summary>The schema that is written; another is not read.</summary>
    public const int Current = 1;

    /// <summary>Of facts.</summary>
    public static NodeDocument From(NodeFacts facts) => new(
        Current,
        facts.Machine,
        facts.System,
        facts.DistributionId,
        facts.DistributionVersion,
        facts.Images.ToDictionary(i => i.Key, i => new NodeImageEntry(i.Value.Digest.ToString(), i.Value.Complete)),
        facts.Files.ToDictionary(f => f.Key, f => new NodeFileEntry(f.Value.Digest.ToString(), f.Value.Size, f.Value.Owner, f.Value.Mode, f.Value.Unpacked) { UnpackKey = f.Value.UnpackKey }));

    /// <summary>As facts again.</summary>
    public NodeFacts ToFacts(string node) => new()
    {
        Node = node,
        Machine = Machine,
        System = System,
        DistributionId = DistributionId,
        DistributionVersion = DistributionVersion,
        Images = Images.ToDictionary(i => i.Key, i => new NodeImage(Digest.Parse(i.Value.Digest), i.Value.Complete)),
        Files = Files.ToDictionary(f => f.Key, f => new NodeFile(Digest.Parse(f.Value.Digest), f.Value.Size, f.Value.Owner, f.Value.Mode, f.Value.Unpacked) { UnpackKey = f.Value.UnpackKey }),
    };
}

/// <summary>An image that a node had.</summary>
internal sealed record NodeImageEntry(string Digest, bool Complete);

/// <summary>A file that a node had.</summary>
internal sealed record NodeFileEntry(string Digest, long Size, string Owner, string Mode, bool Unpacked)
{
    /// <summary>What it was unpacked with.</summary>
    public string? UnpackKey { get; init; }
}
