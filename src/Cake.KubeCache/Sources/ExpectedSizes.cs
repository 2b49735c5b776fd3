using Cake.KubeCache.Model;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources;

/// <summary>How much is still to come of artifacts that the store lacks, as far as that can be told without asking anybody.</summary>
/// <param name="store">What earlier runs left there is what is known.</param>
internal sealed class ExpectedSizes(ContentStore store)
{
    // What comes in this run has other names, or is not asked about any more.
    private readonly Lazy<Dictionary<(bool IsImage, string Name), long>> _last = new(() => store.Manifest.Artifacts.Values
        .GroupBy(e => (e.Image is not null, e.Name))
        .ToDictionary(g => g.Key, g => g.MaxBy(e => e.FetchedAt)!.Size));

    /// <summary>What is known of an artifact; null where that is nothing.</summary>
    public ExpectedSize? Of(Artifact artifact)
    {
        if (artifact is FileArtifact file && Exactly(file) is { } bytes)
        {
            var unfinished = new FileInfo(store.Layout.Partial(FileFetch.Id(file, DigestOf(file))));
            return new ExpectedSize(Math.Max(0, bytes - (unfinished.Exists ? unfinished.Length : 0)), Certain: true);
        }

        return _last.Value.TryGetValue((artifact is ImageArtifact, artifact.Name), out var last) ? new ExpectedSize(last, Certain: false) : null;
    }

    private static Digest? DigestOf(FileArtifact file) => file.Checksum is Checksum.Known known ? known.Digest : file.Checksum is null ? file.Locked : null;

    private long? Exactly(FileArtifact file)
    {
        if (DigestOf(file) is { Algorithm: "sha256" } digest && store.Has(digest))
        {
            return 0;
        }

        if (Uri.TryCreate(file.Url, UriKind.Absolute, out var url) && url.IsFile)
        {
            var local = new FileInfo(url.LocalPath);
            return local.Exists ? local.Length : null;
        }

        // An entry outlives its blob where somebody removed that, or it was found to be bad.
        return store.Manifest.Artifacts.TryGetValue(file.ContentKey, out var entry) && (file.IsPinned || entry.Digest == DigestOf(file)?.ToString()) ? entry.Size : null;
    }
}

/// <summary>How much is still to come of an artifact.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Certain">Whether they are of that very content; otherwise of what the cache had last under the same name.</param>
internal readonly record struct ExpectedSize(long Bytes, bool Certain);
