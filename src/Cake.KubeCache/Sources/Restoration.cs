using Cake.KubeCache.Model;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources;

/// <summary>Brings back content of an artifact that the cache manifest still names, from where it came at first and byte for byte.</summary>
internal sealed class Restoration(FetchSession session, ITransferProgress progress)
{
    /// <summary>Fetches the blobs that are missing.</summary>
    /// <returns>Bytes received.</returns>
    public Task<long> RestoreAsync(CacheEntry entry, CancellationToken cancellationToken) =>
        entry.Image is { } image ? RestoreImageAsync(entry, image, cancellationToken) : RestoreFileAsync(entry, cancellationToken);

    private async Task<long> RestoreImageAsync(CacheEntry entry, ImageEntry image, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(image.Reference).WithDigest(Digest.Parse(entry.Digest));
        var artifact = new ImageArtifact { Name = entry.Name, Reference = reference, Platform = CacheEntries.PlatformOf(image) };
        var origin = await ImageOrigins.ChooseAsync(session, artifact, progress, cancellationToken).ConfigureAwait(false);
        var root = await origin.GetManifestAsync(entry.Digest, cancellationToken).ConfigureAwait(false);
        return (await new ImageReceiver(session, origin, progress).ReceiveAsync(artifact, root, cancellationToken).ConfigureAwait(false)).BytesReceived;
    }

    private async Task<long> RestoreFileAsync(CacheEntry entry, CancellationToken cancellationToken)
    {
        var digest = Digest.Parse(entry.Digest);
        var url = entry.File?.Url ?? entry.Source;
        var file = new FileArtifact { Name = entry.Name, Url = url, Checksum = new Checksum.Known(digest) };
        var wanted = new Wanted { Id = digest.Hex, Title = file.Title, Expected = digest, Size = entry.Size, Progress = progress };
        var server = new FileServer(session);
        var landed = await new Landing(session.Shared).LandAsync(
            wanted,
            (sink, began) => session.Rounds.RunAsync(token => server.ReceiveAsync(new FileRequest(file, url, wanted), sink, token), progress.Say, began),
            cancellationToken).ConfigureAwait(false);
        session.Store.Put(FileArtifactManifest.EmptyConfig);
        session.Store.Put(FileArtifactManifest.Bytes(digest, landed.Size, entry.File?.Title ?? file.Title));
        return landed.BytesReceived;
    }
}
