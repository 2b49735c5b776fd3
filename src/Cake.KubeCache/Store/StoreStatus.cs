namespace Cake.KubeCache.Store;

/// <summary>A store in numbers.</summary>
internal sealed record StoreStatus
{
    /// <summary>The folder.</summary>
    public required string Directory { get; init; }

    public required int Files { get; init; }

    public required int Images { get; init; }

    /// <summary>Blobs on the disk.</summary>
    public required int Blobs { get; init; }

    /// <summary>Bytes of the blobs.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that the artifacts would take if each were kept by itself.</summary>
    public required long LogicalBytes { get; init; }

    /// <summary>Bytes of unfinished downloads.</summary>
    public required long PartialBytes { get; init; }

    /// <summary>Artifacts of which content is missing: they are fetched again.</summary>
    public required int Incomplete { get; init; }

    /// <summary>Bytes that may still be written, or null where the system does not say.</summary>
    public required long? FreeBytes { get; init; }

    /// <summary>When the oldest artifact was fetched; null for an empty store.</summary>
    public required DateTimeOffset? Oldest { get; init; }

    /// <summary>When the newest artifact was fetched; null for an empty store.</summary>
    public required DateTimeOffset? Newest { get; init; }

    /// <summary>How many times the artifacts' bytes are kept only once: 1 when nothing is shared.</summary>
    public double DedupeRatio => Bytes == 0 ? 1 : (double)LogicalBytes / Bytes;

    /// <summary>Counts a store. Reads the cache manifest and lists the folders; hashes nothing.</summary>
    public static StoreStatus Of(ContentStore store)
    {
        var entries = store.Manifest.Artifacts;
        var blobs = StoreFiles.Blobs(store.Layout).ToList();
        return new StoreStatus
        {
            Directory = store.Directory,
            Files = entries.Values.Count(e => e.Image is null),
            Images = entries.Values.Count(e => e.Image is not null),
            Blobs = blobs.Count,
            Bytes = blobs.Sum(b => b.File.Length),
            LogicalBytes = entries.Values.Sum(e => e.Size),
            PartialBytes = StoreFiles.Partials(store.Layout).Sum(f => f.Length),
            Incomplete = entries.Count - store.Snapshot().Artifacts.Count,
            FreeBytes = FreeSpace.Of(store.Directory),
            Oldest = entries.Count == 0 ? null : entries.Values.Min(e => e.FetchedAt),
            Newest = entries.Count == 0 ? null : entries.Values.Max(e => e.FetchedAt),
        };
    }
}
