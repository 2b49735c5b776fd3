using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Removes what neither the current plan nor one of the last plans references.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock, for what is too young to be removed.</param>
internal sealed class StorePruner(ContentStore store, TimeProvider time)
{
    /// <summary>How many plans are remembered; more cannot be kept by.</summary>
    public const int RememberedPlans = 20;

    /// <summary>Content that no artifact owns may be on its way in through another process: younger than this it stays.</summary>
    private static readonly TimeSpan OrphanGrace = TimeSpan.FromHours(1);

    /// <summary>An unfinished download is worth resuming for this long.</summary>
    private static readonly TimeSpan PartialGrace = TimeSpan.FromDays(7);

    /// <summary>Remembers what a plan references, as the newest; a plan equal to the newest only renews it.</summary>
    public Task RecordPlanAsync(IEnumerable<string> contentKeys, CancellationToken cancellationToken)
    {
        var plan = new RecordedPlan(time.GetUtcNow(), [.. contentKeys.Distinct().Order(StringComparer.Ordinal)]);
        if (store.Manifest.Plans is [var newest, ..] && newest.Keys.SequenceEqual(plan.Keys))
        {
            return Task.CompletedTask;
        }

        return store.UpdateAsync(m => m with { Plans = [plan, .. m.Plans.Take(RememberedPlans - 1)] }, cancellationToken);
    }

    /// <summary>What would be removed. Changes nothing.</summary>
    /// <param name="current">Content keys of the current plan.</param>
    /// <param name="keep">How many of the last plans are kept besides.</param>
    public PrunePlan Plan(IEnumerable<string> current, int keep)
    {
        var manifest = store.Manifest;
        var kept = manifest.Plans.Take(keep).SelectMany(p => p.Keys).Concat(current).ToHashSet(StringComparer.Ordinal);
        var removed = manifest.Artifacts.Where(a => !kept.Contains(a.Key)).ToDictionary(a => a.Key, a => a.Value);
        var owned = manifest.Artifacts.Values.SelectMany(CacheEntries.Blobs).Select(b => b.Digest).Concat(OciIndexFile.OwnBlobs(manifest)).ToHashSet();
        var reachable = Reachable(Without(manifest, removed.Keys));
        var now = time.GetUtcNow().UtcDateTime;
        var blobs = StoreFiles.Blobs(store.Layout).Where(b => !reachable.Contains(b.Digest) && (owned.Contains(b.Digest) || now - b.File.LastWriteTimeUtc > OrphanGrace)).ToList();
        var rest = StoreFiles.Partials(store.Layout).Where(f => now - f.LastWriteTimeUtc > PartialGrace)
            .Concat(StoreFiles.Leftovers(store.Layout).Where(f => now - f.LastWriteTimeUtc > OrphanGrace))
            .Concat(StoreFiles.Quarantined(store.Layout)).ToList();
        return new PrunePlan
        {
            Artifacts = [.. removed.Select(r => CacheEntries.ToStored(r.Key, r.Value))],
            Blobs = [.. blobs.Select(b => b.Digest)],
            Files = [.. rest.Select(f => f.FullName)],
            Bytes = blobs.Sum(b => b.File.Length) + rest.Sum(f => f.Length),
        };
    }

    /// <summary>Removes it. What another process came to need meanwhile stays.</summary>
    /// <exception cref="KubeCacheException">The cache cannot be written.</exception>
    public Task ApplyAsync(PrunePlan plan, CancellationToken cancellationToken)
    {
        IReadOnlySet<Digest> reachable = new HashSet<Digest>();
        return store.UpdateAsync(
            manifest =>
            {
                var next = Without(manifest, plan.Artifacts.Select(a => a.ContentKey));
                reachable = Reachable(next);
                return next;
            },
            () => Delete(plan, reachable),
            cancellationToken);
    }

    private static CacheManifest Without(CacheManifest manifest, IEnumerable<string> keys)
    {
        var artifacts = new SortedDictionary<string, CacheEntry>(manifest.Artifacts, StringComparer.Ordinal);
        foreach (var key in keys)
        {
            artifacts.Remove(key);
        }

        return manifest with { Artifacts = artifacts };
    }

    private static HashSet<Digest> Reachable(CacheManifest manifest) =>
        [.. manifest.Artifacts.Values.SelectMany(CacheEntries.Blobs).Select(b => b.Digest), .. OciIndexFile.OwnBlobs(manifest)];

    private void Delete(PrunePlan plan, IReadOnlySet<Digest> reachable)
    {
        foreach (var digest in plan.Blobs.Where(d => !reachable.Contains(d)))
        {
            File.Delete(store.Layout.Blob(digest));
        }

        foreach (var file in plan.Files)
        {
            File.Delete(file);
        }
    }
}

/// <summary>What a prune removes.</summary>
internal sealed record PrunePlan
{
    /// <summary>Artifacts that no plan references.</summary>
    public required IReadOnlyList<StoredArtifact> Artifacts { get; init; }

    /// <summary>Content that nothing needs then.</summary>
    public required IReadOnlyList<Digest> Blobs { get; init; }

    /// <summary>Paths of old unfinished downloads, leftovers of killed writers and quarantined content.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Bytes that become free.</summary>
    public required long Bytes { get; init; }
}
