using System.Collections.Concurrent;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>
/// Downloads that one node makes for itself: asked for, followed and judged from here, with the node's own way out. Contents stay in the node's
/// spool; only manifests and configs come here.
/// </summary>
/// <param name="store">The store, which is not written to.</param>
/// <param name="settings">How to fetch; its clients are the node's.</param>
internal sealed class NodeFetcher(ContentStore store, FetchSettings settings) : IDisposable
{
    private readonly FetchShared _shared = new(store, settings);
    private readonly ConcurrentDictionary<DownloadSettings, FetchSession> _sessions = [];

    /// <summary>What a file must hash to; null where nobody knows and the settings allow that.</summary>
    public Task<Digest?> ExpectAsync(FileArtifact file, DownloadSettings download, ITransferProgress progress, CancellationToken cancellationToken) =>
        new FileExpectation(Session(download), progress).OfAsync(file, cancellationToken);

    /// <summary>Has the node download a file, from its URL or a mirror.</summary>
    /// <exception cref="KubeCacheException">As <see cref="Fetcher.FetchAsync(Artifact, ITransferProgress, CancellationToken)"/>.</exception>
    public Task<Spooled> FileAsync(FileArtifact file, Digest? expected, DownloadSettings download, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var session = Session(download);
        var server = new FileServer(session);
        return session.Rounds.RunAsync<string, Spooled>([.. file.Mirrors.Prepend(file.Url).Distinct()], (url, token) => server.SpoolAsync(file, url, expected, token), progress.Say, cancellationToken);
    }

    /// <summary>What an image consists of, as its registry says now.</summary>
    public async Task<ResolvedImage> ImageAsync(ImageArtifact image, DownloadSettings download, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var origin = new RegistryOrigin(Session(download), image.Reference, progress);
        var root = await origin.GetManifestAsync(image.Reference.Digest?.ToString() ?? image.Reference.Tag!, cancellationToken).ConfigureAwait(false);
        LockedContent.Require(image, root.Digest);
        var manifest = await ManifestChoice.ChooseAsync(origin, image, root, cancellationToken).ConfigureAwait(false);
        var title = image.Reference.ToString();
        var document = OciReader.ReadManifest(manifest.Bytes, title);
        var config = ManifestChoice.Config(document, title);
        var bytes = await origin.ReadBlobAsync(config, cancellationToken).ConfigureAwait(false);
        var content = OciReader.Join(document, new BlobDescriptor(manifest.MediaType, manifest.Digest, manifest.Bytes.Length), OciReader.ReadConfig(bytes, title), title);
        return new ResolvedImage(root, manifest, bytes, content, $"{origin.Title}@{manifest.Digest}") { Notes = [.. origin.Notes] };
    }

    /// <summary>Has the node download one blob of an image.</summary>
    public Task<Spooled> BlobAsync(ImageArtifact image, BlobDescriptor blob, DownloadSettings download, ITransferProgress progress, CancellationToken cancellationToken) =>
        new RegistryOrigin(Session(download), image.Reference, progress).SpoolBlobAsync(blob, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private FetchSession Session(DownloadSettings download) => _sessions.GetOrAdd(download, d => new FetchSession(_shared, d));
}

/// <summary>An image by its documents, without its layers.</summary>
/// <param name="Root">What its tag or digest gave: an index or the manifest itself.</param>
/// <param name="Manifest">The manifest for the platform.</param>
/// <param name="Config">The config, byte for byte.</param>
/// <param name="Content">Its parts.</param>
/// <param name="Source">Who answered.</param>
internal sealed record ResolvedImage(ManifestAnswer Root, ManifestAnswer Manifest, byte[] Config, ImageContent Content, string Source)
{
    /// <summary>What is worth telling, such as a registry's rate limit.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
