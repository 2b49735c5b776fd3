namespace Cake.KubeCache.Model;

/// <summary>An artifact that the store holds, complete and verified: one entry of the cache manifest.</summary>
public sealed record StoredArtifact
{
    /// <summary>The <see cref="Artifact.ContentKey"/> it was stored under.</summary>
    public required string ContentKey { get; init; }

    /// <summary>A file's content digest, or the digest of the image manifest for the platform. Always sha256.</summary>
    public required Digest Digest { get; init; }

    /// <summary>The digest that the image's tag pointed at when it was last resolved, which may be an index's; null for a file.</summary>
    public Digest? Resolved { get; init; }

    /// <summary>Whether it is what a lock file says; true where none says anything, or nobody noted what the image's tag pointed at.</summary>
    internal bool IsAsLocked(Artifact artifact) => artifact.Locked is not { } locked || (artifact is ImageArtifact ? Resolved is null || Resolved == locked : Digest == locked);

    /// <summary>Bytes: of the file, or of the image's manifest, config and compressed layers together.</summary>
    public required long Size { get; init; }

    /// <summary>The image's parts; null for a file.</summary>
    public ImageContent? Image { get; init; }

    /// <summary>The URL or reference that really answered.</summary>
    public required string Source { get; init; }

    /// <summary>When it was verified into the store.</summary>
    public required DateTimeOffset FetchedAt { get; init; }
}
