using Cake.KubeCache.Store;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>Lets a download write into an unfinished blob of the store.</summary>
internal sealed class LandingSink(PartialBlob blob, SpaceLedger space, Wanted wanted) : IDownloadSink
{
    public PartialBlob Blob => blob;

    /// <summary>Whether what is there came over more than one connection: if it then hashes wrong, it is worth one more try from the start.</summary>
    public bool Joined { get; private set; }

    /// <inheritdoc/>
    public long Length => blob.Length;

    /// <inheritdoc/>
    public long Received { get; private set; }

    /// <inheritdoc/>
    public string? ValidatorFor(string source) => blob.State is { } state && state.Source == source ? state.Validator : null;

    /// <inheritdoc/>
    public void Begin(string source, string? validator, long? remaining)
    {
        space.Expect(wanted.Id, remaining ?? 0, wanted.Title);
        Joined = Length > 0;
        blob.Begin(source, validator);
    }

    /// <inheritdoc/>
    public void Restart()
    {
        Joined = false;
        blob.Restart();
    }

    /// <inheritdoc/>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        blob.Append(bytes);
        space.Written(wanted.Id, bytes.Length);
        Received += bytes.Length;
    }
}
