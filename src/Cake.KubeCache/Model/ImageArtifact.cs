namespace Cake.KubeCache.Model;

/// <summary>A container image for one platform.</summary>
public sealed record ImageArtifact : Artifact
{
    /// <summary>The full reference, with the digest where the item gives one.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>The node's platform: of an index only this platform's manifest is fetched.</summary>
    public required Platform Platform { get; init; }

    /// <inheritdoc/>
    public override string ContentKey => $"image:{Reference}|{Platform}";

    /// <inheritdoc/>
    public override bool IsPinned => Reference.Digest is not null;

    /// <inheritdoc/>
    public override string Title => Reference.Familiar;
}
