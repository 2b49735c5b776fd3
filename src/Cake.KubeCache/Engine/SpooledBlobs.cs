using System.Collections.Concurrent;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Engine;

/// <summary>The blobs of one image that a node downloads, each once.</summary>
/// <param name="download">Has the node download one.</param>
internal sealed class SpooledBlobs(Func<BlobDescriptor, Task<Spooled>> download)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<Spooled>>> _blobs = [];

    /// <summary>Names in the spool.</summary>
    public IReadOnlyCollection<string> All => [.. _blobs.Keys.Select(Name)];

    /// <summary>Bytes that came over the wire to the node.</summary>
    public long BytesDownloaded => _blobs.Values.Where(b => b.IsValueCreated && b.Value.IsCompletedSuccessfully).Sum(b => b.Value.Result.Size - b.Value.Result.Before);

    /// <summary>Has the node download the blob, and says what it is called there.</summary>
    public async Task<string> NameAsync(BlobDescriptor blob)
    {
        await _blobs.GetOrAdd(blob.Digest, _ => new Lazy<Task<Spooled>>(() => download(blob))).Value;
        return Name(blob.Digest);
    }

    private static string Name(Digest digest) => SpoolAnswer.NameOf(digest, "");
}
