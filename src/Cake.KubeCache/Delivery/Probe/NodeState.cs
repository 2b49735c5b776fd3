using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Probe;

/// <summary>
/// What is known about a node during a run: what the probe found, kept current by every delivery, so that the next image travels
/// without what this one brought.
/// </summary>
internal sealed class NodeState
{
    /// <summary>Machine, as <c>uname -m</c> prints it.</summary>
    public string Machine { get; set; } = "";

    /// <summary>System, as <c>uname -s</c> prints it.</summary>
    public string System { get; set; } = "";

    /// <summary><c>ID</c> of os-release.</summary>
    public string DistributionId { get; set; } = "";

    /// <summary><c>VERSION_ID</c> of os-release.</summary>
    public string DistributionVersion { get; set; } = "";

    /// <summary>Whether scripts run as root.</summary>
    public bool IsRoot { get; set; }

    /// <summary>Version of the container runtime; null when it does not answer.</summary>
    public string? RuntimeVersion { get; set; }

    /// <summary>Images by full reference.</summary>
    public Dictionary<string, NodeImage> Images { get; } = [];

    /// <summary>Blobs (hex) that the runtime has.</summary>
    public HashSet<string> Blobs { get; } = [];

    /// <summary>Chain ids (hex) of unpacked layers that the runtime has.</summary>
    public HashSet<string> Chains { get; } = [];

    /// <summary>Blobs (hex) inside image archives of the directory runtime whose receipts hold.</summary>
    public Dictionary<string, ArchivedBlob> ArchivedBlobs { get; } = [];

    /// <summary>Files by the path that the node knows them by.</summary>
    public Dictionary<string, KnownFile> Files { get; } = [];

    /// <summary>Unpacked archives whose result stands, by the archive's path.</summary>
    public Dictionary<string, UnpackedArchive> Unpacked { get; } = [];

    /// <summary>Images that earlier runs delivered.</summary>
    public List<DeliveredImage> Delivered { get; } = [];

    /// <summary>Free bytes by mount point.</summary>
    public Dictionary<string, long> FreeBytes { get; } = [];

    /// <summary>Tools that were found.</summary>
    public HashSet<string> Tools { get; } = [];
}

/// <summary>A file whose content is known.</summary>
/// <param name="Digest">Digest of its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Owner">The owner that it stands for.</param>
/// <param name="Mode">Permission bits as four or five octal digits.</param>
internal sealed record KnownFile(Digest Digest, long Size, string Owner, string Mode);

/// <summary>An archive that was unpacked, and whose result stands.</summary>
/// <param name="Digest">Digest of the archive.</param>
/// <param name="Key">What it was unpacked with: <see cref="UnpackKey"/>.</param>
internal sealed record UnpackedArchive(Digest Digest, string Key);

/// <summary>A blob inside an image archive on the node.</summary>
/// <param name="Path">The archive, where the machine has it.</param>
/// <param name="Offset">Where the tar member with its header begins.</param>
/// <param name="Length">Length of the member with header and padding.</param>
internal sealed record ArchivedBlob(string Path, long Offset, long Length);

/// <summary>An image that an earlier run delivered to the node.</summary>
/// <param name="Reference">Its full reference.</param>
/// <param name="Digest">Digest of its manifest.</param>
/// <param name="Config">Digest of its config.</param>
/// <param name="Path">Archive of the directory runtime where the machine has it, or <c>-</c>.</param>
/// <param name="Whole">Whether that archive is as it was left.</param>
internal sealed record DeliveredImage(string Reference, Digest Digest, Digest Config, string Path, bool Whole);
