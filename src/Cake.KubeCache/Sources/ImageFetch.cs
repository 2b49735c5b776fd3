using System.Globalization;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources;

/// <summary>Fetches one image for one platform: tag to digest, index to manifest, config and layers in parallel, then the entry.</summary>
internal sealed class ImageFetch(FetchSession session, ITransferProgress progress)
{
    /// <summary>Fetches the image.</summary>
    /// <param name="image">What to fetch.</param>
    /// <param name="known">What the store has of it when its tag is resolved anew, else null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FetchOutcome> FetchAsync(ImageArtifact image, CacheEntry? known, CancellationToken cancellationToken)
    {
        var origin = await ImageOrigins.ChooseAsync(session, image, progress, cancellationToken).ConfigureAwait(false);
        try
        {
            return await FetchAsync(image, known, origin, cancellationToken).ConfigureAwait(false);
        }
        catch (KubeCacheException e) when (origin is RegistryOrigin { PassedOver: { Count: > 0 } passedOver })
        {
            throw new KubeCacheException(e.Kind, [.. e.Faults, .. passedOver], e) { RetryAfter = e.RetryAfter };
        }
    }

    /// <summary>Enters an image that comes from elsewhere than its registry, such as a node that downloaded it.</summary>
    /// <param name="image">What it is.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="root">Its index or manifest there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<FetchOutcome> TakeAsync(ImageArtifact image, IImageOrigin origin, ManifestAnswer root, CancellationToken cancellationToken) => Pruned.AgainAsync(async () =>
    {
        var arrived = await new ImageReceiver(session, origin, progress).ReceiveAsync(image, root, cancellationToken).ConfigureAwait(false);
        return await EnterAsync(image, null, arrived, cancellationToken).ConfigureAwait(false);
    });

    private async Task<FetchOutcome> FetchAsync(ImageArtifact image, CacheEntry? known, IImageOrigin origin, CancellationToken cancellationToken)
    {
        var resolved = image.Reference.Digest ?? await origin.ResolveAsync(image.Reference.Tag!, cancellationToken).ConfigureAwait(false);
        LockedContent.Require(image, resolved);
        if (known is not null && resolved is { } now && known.Image!.Resolutions[^1].Digest == now.ToString())
        {
            return new FetchOutcome { Stored = CacheEntries.ToStored(image.ContentKey, known), AlreadyThere = true, Notes = [.. origin.Notes] };
        }

        var root = await origin.GetManifestAsync(resolved?.ToString() ?? image.Reference.Tag!, cancellationToken).ConfigureAwait(false);
        return await Pruned.AgainAsync(async () =>
        {
            var arrived = await new ImageReceiver(session, origin, progress).ReceiveAsync(image, root, cancellationToken).ConfigureAwait(false);

            // Where the origin tells what a tag points at only with the manifest itself, it is known afterwards.
            LockedContent.Require(image, arrived.Resolved);
            return await EnterAsync(image, known, arrived, cancellationToken).ConfigureAwait(false) is { } outcome
                ? outcome with { Notes = [.. outcome.Notes, .. origin.Notes] }
                : null;
        }).ConfigureAwait(false);
    }

    private async Task<FetchOutcome?> EnterAsync(ImageArtifact image, CacheEntry? known, ArrivedImage arrived, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var before = known?.Image?.Resolutions ?? [];
        var found = before.Count > 0 ? before[^1].Digest : null;
        var moved = found is not null && found != arrived.Resolved.ToString();
        var entry = new CacheEntry
        {
            Name = image.Name,
            Digest = arrived.Manifest.Digest.ToString(),
            Size = arrived.Size,
            Source = arrived.Source,
            FetchedAt = now,
            Image = CacheEntries.ToEntry(image, arrived.Content, found is null || moved ? [.. before, new TagResolution(arrived.Resolved.ToString(), now)] : before),
        };
        if (await session.Store.CommitAsync(image.ContentKey, entry, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return null;
        }

        return new FetchOutcome
        {
            Stored = stored,
            BytesReceived = arrived.BytesReceived,
            AlreadyThere = known is not null && !moved && arrived.BytesReceived == 0,
            Notes = moved
                ? [.. arrived.Notes, string.Create(CultureInfo.InvariantCulture, $"the tag moved: {before[^1].Digest} (found {before[^1].At:u}) became {arrived.Resolved}")]
                : arrived.Notes,
        };
    }
}
