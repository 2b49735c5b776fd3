using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>Brings the blobs of one image from its origin into the store.</summary>
internal sealed class ImageReceiver(FetchSession session, IImageOrigin origin, ITransferProgress progress)
{
    /// <summary>Receives what the store lacks.</summary>
    /// <param name="image">What was asked for.</param>
    /// <param name="root">What its tag or digest gave: an index or a manifest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ArrivedImage> ReceiveAsync(ImageArtifact image, ManifestAnswer root, CancellationToken cancellationToken)
    {
        var title = image.Reference.ToString();
        var manifest = await ManifestChoice.ChooseAsync(origin, image, root, cancellationToken).ConfigureAwait(false);
        var document = OciReader.ReadManifest(manifest.Bytes, title);
        var config = ManifestChoice.Config(document, title);
        var layers = (document.Layers ?? []).Select((l, i) => OciReader.Check(l, $"layer {i + 1}", title)).ToList();
        var blobs = layers.Prepend(config).DistinctBy(b => b.Digest).ToList();
        var received = await ReceiveBlobsAsync(blobs, title, cancellationToken).ConfigureAwait(false);

        var parsed = OciReader.ReadConfig(session.Store.ReadAll(config.Digest, OciReader.MaxConfigBytes), title);
        var content = OciReader.Join(document, new BlobDescriptor(manifest.MediaType, manifest.Digest, manifest.Bytes.Length), parsed, title);
        session.Store.Put(manifest.Bytes);
        return new ArrivedImage
        {
            Manifest = manifest,
            Resolved = root.Digest,
            Content = content,
            Size = manifest.Bytes.Length + blobs.Sum(b => b.Size),
            Source = $"{origin.Title}@{manifest.Digest}",
            BytesReceived = received,
            Notes = parsed.Architecture == image.Platform.Architecture && parsed.Os == image.Platform.Os
                ? []
                : [$"the image says that it is for {parsed.Os}/{parsed.Architecture}, it was asked for {image.Platform}"],
        };
    }

    private async Task<long> ReceiveBlobsAsync(List<BlobDescriptor> blobs, string title, CancellationToken cancellationToken)
    {
        var missing = blobs.Where(b => !session.Store.Has(b.Digest, b.Size)).ToList();

        // The whole image, so that one that does not fit is refused before its first layer is asked for.
        using var announced = session.Shared.Space.Announce([.. missing.Select(b => (b.Digest.Hex, b.Size))], title);
        var parts = new ProgressParts(progress);
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = missing.Select(b => ReceiveBlobAsync(b, title, parts.Part(b.Size), together)).ToList();
        try
        {
            return (await Task.WhenAll(tasks).ConfigureAwait(false)).Sum();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One failed and the others were stopped for it: that one's error is what the caller must see.
            throw tasks.First(t => t.IsFaulted).Exception!.InnerException!;
        }
    }

    private async Task<long> ReceiveBlobAsync(BlobDescriptor blob, string title, ITransferProgress part, CancellationTokenSource together)
    {
        var wanted = new Wanted { Id = blob.Digest.Hex, Title = $"{blob.Digest} of {title}", Expected = blob.Digest, Size = blob.Size, Progress = part };
        try
        {
            var landed = await new Landing(session.Shared).LandAsync(wanted, (sink, token) => origin.ReceiveBlobAsync(wanted, sink, token), together.Token).ConfigureAwait(false);
            if (landed.BytesReceived == 0)
            {
                part.Expect(0);
            }

            return landed.BytesReceived;
        }
        catch (KubeCacheException)
        {
            await together.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>An image whose blobs are all in the store.</summary>
internal sealed record ArrivedImage
{
    /// <summary>The manifest for the platform.</summary>
    public required ManifestAnswer Manifest { get; init; }

    /// <summary>What the tag or digest pointed at: an index's digest or the manifest's own.</summary>
    public required Digest Resolved { get; init; }

    public required ImageContent Content { get; init; }

    /// <summary>Bytes of all its distinct blobs.</summary>
    public required long Size { get; init; }

    public required string Source { get; init; }

    public required long BytesReceived { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }
}
