using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Sources;

namespace Cake.KubeCache.Engine;

/// <summary>
/// Brings an artifact onto a node that downloads for itself: what it is is found out first, then the node downloads what it lacks of that,
/// verifies it, and puts it in its place. With <c>download_force_cache</c> what the cache lacks comes back into it.
/// </summary>
internal sealed class SelfService(NodeSession session, NodeFetcher fetcher, PlannedNode node)
{
    /// <summary>Where what comes back goes; null where nothing comes back.</summary>
    public Fetcher? Back { get; init; }

    /// <summary>Brings one artifact.</summary>
    /// <returns>What was done, if the node did not have it.</returns>
    /// <exception cref="KubeCacheException">It cannot be had, or is not what it should be, or the node does not take it.</exception>
    public Task<DeliveryStep> BringAsync(Artifact artifact, ITransferProgress progress, CancellationToken cancellationToken) => artifact switch
    {
        FileArtifact file => FileAsync(file, progress, cancellationToken),
        ImageArtifact image => ImageAsync(image, progress, cancellationToken),
        _ => throw new ArgumentException($"artifacts of type {artifact.GetType().Name} are not known", nameof(artifact)),
    };

    private async Task<DeliveryStep> FileAsync(FileArtifact file, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var expected = await fetcher.ExpectAsync(file, node.Settings, progress, cancellationToken);
        if (expected is { Algorithm: "sha256" } digest && session.SizeOf(digest) is { } size)
        {
            // It has the content, here or under another path: what is wrong is its owner or mode, or that it is not unpacked.
            var known = Stored(file, digest, size, file.Url);
            var placed = await session.PlaceAsync(file, known, null, progress, cancellationToken);
            return new DeliveryStep(placed.BytesSent, placed.Changed, placed.Notes) { Downloaded = known };
        }

        var spooled = await fetcher.FileAsync(file, expected, node.Settings, progress, cancellationToken);
        var name = SpoolAnswer.NameOf(expected, file.Url);
        var stored = Stored(file, spooled.Digest, spooled.Size, file.Url);
        var outcome = await session.PlaceAsync(file, stored, name, progress, cancellationToken);
        IReadOnlyList<string> notes = expected is null ? [.. outcome.Notes, $"no checksum: taken on trust as {spooled.Digest}"] : outcome.Notes;
        if (Back is not null)
        {
            await Back.TakeAsync(file, spooled.Digest, (sink, token) => new SpoolReader(session, name).ReceiveAsync(sink, token), cancellationToken);
        }

        await ClearAsync([name], cancellationToken);
        return new DeliveryStep(outcome.BytesSent, true, notes) { Downloaded = stored, BytesDownloaded = spooled.Size - spooled.Before };
    }

    private async Task<DeliveryStep> ImageAsync(ImageArtifact image, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var resolved = await fetcher.ImageAsync(image, node.Settings, progress, cancellationToken);
        var names = new SpooledBlobs(blob => fetcher.BlobAsync(image, blob, node.Settings, progress, cancellationToken));
        var stored = new StoredArtifact
        {
            ContentKey = image.ContentKey,
            Digest = resolved.Manifest.Digest,
            Resolved = resolved.Root.Digest,
            Size = resolved.Manifest.Bytes.Length + resolved.Content.Layers.Select(l => l.Blob).Prepend(resolved.Content.Config).DistinctBy(b => b.Digest).Sum(b => b.Size),
            Image = resolved.Content,
            Source = resolved.Source,
            FetchedAt = DateTimeOffset.UtcNow,
        };
        var outcome = await session.ImportAsync(image, stored, new ImageDocuments(resolved), async (blob, _) => await names.NameAsync(blob), progress, cancellationToken);
        if (Back is not null)
        {
            await Back.TakeAsync(image, new SpoolOrigin(session, resolved, names), resolved.Root, cancellationToken);
        }

        await ClearAsync(names.All, cancellationToken);
        return new DeliveryStep(outcome.BytesSent, outcome.Changed, [.. outcome.Notes, .. resolved.Notes])
        {
            Downloaded = stored,
            BytesDownloaded = names.BytesDownloaded + resolved.Config.Length + resolved.Manifest.Bytes.Length,
        };
    }

    private Task ClearAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        node.Settings.KeepRemoteCache ? Task.CompletedTask : session.ClearSpoolAsync(names, cancellationToken);

    private static StoredArtifact Stored(FileArtifact file, Digest digest, long size, string source) => new()
    {
        ContentKey = file.ContentKey,
        Digest = digest,
        Size = size,
        Source = source,
        FetchedAt = DateTimeOffset.UtcNow,
    };
}
