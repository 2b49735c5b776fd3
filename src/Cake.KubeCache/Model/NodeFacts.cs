namespace Cake.KubeCache.Model;

/// <summary>Everything the one probe of a run learned about a node.</summary>
public sealed record NodeFacts
{
    /// <summary>The node's inventory name.</summary>
    public required string Node { get; init; }

    /// <summary><c>uname -m</c>, such as <c>x86_64</c>.</summary>
    public required string Machine { get; init; }

    /// <summary><c>uname -s</c>, such as <c>Linux</c>.</summary>
    public string System { get; init; } = "Linux";

    /// <summary><c>ID</c> of os-release, such as <c>debian</c>.</summary>
    public string DistributionId { get; init; } = "";

    /// <summary><c>VERSION_ID</c> of os-release, such as <c>12</c>.</summary>
    public string DistributionVersion { get; init; } = "";

    /// <summary>Version of the container runtime; null when it is not there or does not answer.</summary>
    public string? RuntimeVersion { get; init; }

    /// <summary>Images by the reference that the runtime lists.</summary>
    public IReadOnlyDictionary<string, NodeImage> Images { get; init; } = new Dictionary<string, NodeImage>();

    /// <summary>Content digests (hex, sha256) that need not be sent to this runtime.</summary>
    public IReadOnlySet<string> Blobs { get; init; } = new HashSet<string>();

    /// <summary>Chain ids (hex, sha256) of unpacked layers that this runtime has.</summary>
    public IReadOnlySet<string> Chains { get; init; } = new HashSet<string>();

    /// <summary>Files by path: what the receipts vouch for and what was hashed.</summary>
    public IReadOnlyDictionary<string, NodeFile> Files { get; init; } = new Dictionary<string, NodeFile>();

    /// <summary>Images that earlier runs delivered, by full reference, with the digest of their manifest: what receipts say, whether it is still there or not.</summary>
    public IReadOnlyDictionary<string, Digest> DeliveredImages { get; init; } = new Dictionary<string, Digest>();

    /// <summary>Free bytes by mount point.</summary>
    public IReadOnlyDictionary<string, long> FreeBytes { get; init; } = new Dictionary<string, long>();

    /// <summary>Tools that were found on the node, such as <c>pigz</c> or <c>zstd</c>.</summary>
    public IReadOnlySet<string> Tools { get; init; } = new HashSet<string>();
}

/// <summary>An image that a node's runtime lists.</summary>
/// <param name="Digest">What the runtime knows it by: the manifest digest (containerd, containers-storage, directory) or the config digest (docker).</param>
/// <param name="Complete">Whether the runtime can use it as it is.</param>
public sealed record NodeImage(Digest Digest, bool Complete = true);

/// <summary>A file on a node.</summary>
/// <param name="Digest">SHA-256 of its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Owner">User name.</param>
/// <param name="Mode">Permission bits as octal digits, such as <c>0755</c>.</param>
/// <param name="Unpacked">Whether a receipt says that its content was unpacked and is still as it was.</param>
public sealed record NodeFile(Digest Digest, long Size, string Owner, string Mode, bool Unpacked)
{
    /// <summary>Whether an earlier run brought it, in contrast to one that found it there: only such files are ours to remove.</summary>
    public bool Delivered { get; init; }

    /// <summary>What it was unpacked with (options, owner, mode), as one short text; null where it was not unpacked, or that is not known.</summary>
    public string? UnpackKey { get; init; }
}
