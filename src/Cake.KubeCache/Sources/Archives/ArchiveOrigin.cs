using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>One image of an archive as an origin.</summary>
internal sealed class ArchiveOrigin(string title, ManifestAnswer root, IArchiveFormat format) : IImageOrigin
{
    /// <inheritdoc/>
    public string Title => title;

    /// <inheritdoc/>
    public IEnumerable<string> Notes => [$"taken from {title}"];

    /// <inheritdoc/>
    public Task<Digest?> ResolveAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<Digest?>(root.Digest);

    /// <inheritdoc/>
    public async Task<ManifestAnswer> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(tagOrDigest, out var digest) || digest == root.Digest)
        {
            return root;
        }

        await using var content = Need(digest);
        return ManifestAnswers.Of(await ArchiveJson.ReadAsync(content, OciReader.MaxManifestBytes, title, cancellationToken).ConfigureAwait(false), null, digest, title);
    }

    /// <inheritdoc/>
    public Task<BodyReceipt> ReceiveBlobAsync(Wanted wanted, LandingSink sink, CancellationToken cancellationToken) => Landing.ReceiveAsync(wanted, sink, async () =>
    {
        await using var content = Need(wanted.Expected!.Value);
        await LocalFiles.CopyAsync(content, title, wanted, sink, cancellationToken).ConfigureAwait(false);
        return new BodyReceipt(Uri.TryCreate(title, UriKind.Absolute, out var url) ? url : new Uri(Path.GetFullPath(title)));
    });

    private Stream Need(Digest digest) => format.Open(digest) ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"an image archive lacks content that its manifest names")
    {
        Where = new SourcePosition(title),
        Expected = digest.ToString(),
        Hint = "the archive was made without layers that its reader was expected to have; make it anew",
    });
}
