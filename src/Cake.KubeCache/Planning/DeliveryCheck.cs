using Cake.KubeCache.Model;

namespace Cake.KubeCache.Planning;

/// <summary>Compares what a node has with what it should have. The same rule serves the plan, the push and the status.</summary>
internal static class DeliveryCheck
{
    /// <summary>Compares one artifact.</summary>
    /// <param name="artifact">What the node should have.</param>
    /// <param name="stored">What the store knows of it, or null.</param>
    /// <param name="facts">What the probe found, or null.</param>
    public static PlannedDelivery Compare(Artifact artifact, StoredArtifact? stored, NodeFacts? facts) => (artifact, facts) switch
    {
        (_, null) => new(artifact, DeliveryState.Unknown, "not probed"),
        (FileArtifact { Destination: null }, _) => new(artifact, DeliveryState.UpToDate, "for the cache only"),
        (FileArtifact file, _) => File(file, stored, facts),
        (ImageArtifact image, _) => Image(image, stored, facts),
        _ => throw new NotSupportedException($"no comparison for {artifact.GetType().Name}"),
    };

    private static PlannedDelivery File(FileArtifact file, StoredArtifact? stored, NodeFacts facts)
    {
        if (!facts.Files.TryGetValue(file.Destination!, out var there))
        {
            return new(file, DeliveryState.Missing, "not on the node");
        }

        var wanted = stored?.Digest ?? (file.Checksum is Checksum.Known { Digest.Algorithm: "sha256" } known ? known.Digest : null);
        if (wanted is null)
        {
            return new(file, DeliveryState.Unknown, "not in the cache yet");
        }

        if (there.Digest != wanted)
        {
            return new(file, DeliveryState.Different, $"content {there.Digest.Abbreviated} instead of {wanted.Value.Abbreviated}");
        }

        if (file.Owner is not null && there.Owner != file.Owner)
        {
            return new(file, DeliveryState.Different, $"owner {there.Owner} instead of {file.Owner}");
        }

        if (file.Mode is not null && PermissionBits.Normalise(there.Mode) != PermissionBits.Normalise(file.Mode))
        {
            return new(file, DeliveryState.Different, $"mode {there.Mode} instead of {file.Mode}");
        }

        return !file.Unarchive ? new(file, DeliveryState.UpToDate, "up to date")
            : !there.Unpacked ? new(file, DeliveryState.Different, "not unpacked")
            : there.UnpackKey is { } key && key != UnpackKey.Of(file) ? new(file, DeliveryState.Different, "unpacked with other options")
            : new(file, DeliveryState.UpToDate, "up to date");
    }

    private static PlannedDelivery Image(ImageArtifact image, StoredArtifact? stored, NodeFacts facts)
    {
        if (!facts.Images.TryGetValue(image.Reference.Familiar, out var there))
        {
            return new(image, DeliveryState.Missing, "not on the node");
        }

        if (!there.Complete)
        {
            return new(image, DeliveryState.Different, "incomplete on the node");
        }

        if (stored?.Image is not { } content)
        {
            return image.Reference.Digest == there.Digest
                ? new(image, DeliveryState.UpToDate, "up to date")
                : new(image, DeliveryState.Unknown, "not in the cache yet");
        }

        // A runtime knows an image by its manifest (containerd, containers-storage) or by its config (docker).
        return there.Digest == stored.Digest || there.Digest == content.Config.Digest
            ? new(image, DeliveryState.UpToDate, "up to date")
            : new(image, DeliveryState.Different, $"image {there.Digest.Abbreviated} instead of {stored.Digest.Abbreviated}");
    }
}
