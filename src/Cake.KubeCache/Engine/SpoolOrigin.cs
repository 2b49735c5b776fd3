using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Engine;

/// <summary>An image that a node downloaded, as the origin of the same image in the store. What the node did not need it downloads now.</summary>
internal sealed class SpoolOrigin(NodeSession session, ResolvedImage image, SpooledBlobs blobs) : IImageOrigin
{
    /// <inheritdoc/>
    public string Title => image.Source.Split('@')[0];

    /// <inheritdoc/>
    public IEnumerable<string> Notes => [];

    /// <inheritdoc/>
    public Task<Digest?> ResolveAsync(string tag, CancellationToken cancellationToken) => Task.FromResult<Digest?>(image.Root.Digest);

    /// <inheritdoc/>
    public Task<ManifestAnswer> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken) => Task.FromResult(tagOrDigest == image.Manifest.Digest.ToString() ? image.Manifest : image.Root);

    /// <inheritdoc/>
    public Task<BodyReceipt> ReceiveBlobAsync(Wanted wanted, LandingSink sink, CancellationToken cancellationToken) => Landing.ReceiveAsync(wanted, sink, async () =>
    {
        var digest = wanted.Expected!.Value;
        if (digest == image.Content.Config.Digest)
        {
            sink.Restart();
            sink.Begin("ssh://node/config", null, image.Config.Length);
            sink.Append(image.Config);
            return new BodyReceipt(new Uri("ssh://node/config"));
        }

        var blob = image.Content.Layers.First(l => l.Blob.Digest == digest).Blob;
        return await new SpoolReader(session, await blobs.NameAsync(blob)).ReceiveAsync(sink, cancellationToken);
    });
}
