namespace Cake.KubeCache.Model;

/// <summary>One thing that a node is to have: a file or an image, as one item of <c>downloads</c> defines it for one host.</summary>
public abstract record Artifact
{
    /// <summary>The item's key in <c>downloads</c>, such as <c>kubelet</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What the content is, apart from where it goes: equal keys are fetched once. Never built from a base name, so that two
    /// components' <c>crds.yaml</c>, or amd64 and arm64, do not collide.
    /// </summary>
    public abstract string ContentKey { get; }

    /// <summary>
    /// What a lock file says that content is which nothing else pins: a file's digest, or the digest that an image's tag points at. Null without a lock.
    /// </summary>
    public Digest? Locked { get; init; }

    /// <summary>Whether its own definition says byte for byte what it is: a checksum, or a digest in the reference.</summary>
    public abstract bool IsPinned { get; }

    /// <summary>What people read: a URL's file name or an image reference.</summary>
    public abstract string Title { get; }
}
