using System.Globalization;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Engine;

/// <summary>The store's own verbs: verify and prune, in terms of a plan's artifacts.</summary>
internal sealed class StoreCare(RunParts parts, Plan plan)
{
    private readonly Dictionary<string, string> _names = plan.Artifacts
        .GroupBy(a => a.Artifact.ContentKey, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.First().Artifact.Name, StringComparer.Ordinal);

    /// <summary>Content keys of the damaged artifacts that could not be had again, with why; null where there is none.</summary>
    public (IReadOnlyList<string> ContentKeys, KubeCacheException Why)? Lost { get; private set; }

    /// <summary>Hashes everything again; puts aside what is damaged and fetches it anew, byte for byte, where the settings say so.</summary>
    public async Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var progress = new RunProgress(parts.Log);
        var transfer = progress.Begin("verify");
        var verifier = new StoreVerifier(parts.Store);
        var found = await verifier.VerifyAsync(transfer, cancellationToken);
        progress.End(transfer, $"{found.Blobs} blobs, {Units.Bytes(found.Bytes)}, {found.Bad.Count} bad");
        if (parts.Settings.Repair && found.Bad.Count > 0)
        {
            await RepairAsync(found, progress, cancellationToken);
        }

        return new StoreVerification(found.Blobs, found.Bytes, [.. found.Bad.Select(Describe)], parts.Settings.Repair && found.Bad.Count > 0);
    }

    /// <summary>Removes what neither this plan nor one of the kept ones needs.</summary>
    /// <param name="dryRun">Only say what would be removed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<StorePruning> PruneAsync(bool dryRun, CancellationToken cancellationToken)
    {
        var pruner = new StorePruner(parts.Store, TimeProvider.System);
        var prune = pruner.Plan(plan.Artifacts.Select(a => a.Artifact.ContentKey), parts.Settings.Keep);
        foreach (var artifact in prune.Artifacts)
        {
            parts.Log.Information($"prune: {artifact.ContentKey}, {Units.Bytes(artifact.Size)}, fetched {artifact.FetchedAt:yyyy-MM-dd}");
        }

        parts.Log.Information($"prune: {prune.Artifacts.Count} artifacts, {prune.Blobs.Count} blobs, {prune.Files.Count} leftovers, {Units.Bytes(prune.Bytes)} {(dryRun ? "would become free" : "become free")}");
        if (!dryRun)
        {
            await pruner.ApplyAsync(prune, cancellationToken);
        }

        return new StorePruning([.. prune.Artifacts.Select(a => a.ContentKey)], prune.Blobs.Count, prune.Bytes, !dryRun);
    }

    /// <summary>One line about the store: size, count, what sharing saves, age.</summary>
    public string Describe()
    {
        var status = StoreStatus.Of(parts.Store);
        var incomplete = status.Incomplete > 0 ? $", {status.Incomplete} incomplete" : "";
        return $"cache {status.Directory}: {status.Files} files, {status.Images} images, {Units.Bytes(status.Bytes)} in {status.Blobs} blobs, {status.DedupeRatio.ToString("0.0", CultureInfo.InvariantCulture)} times shared{incomplete}" +
            (status.Newest is { } newest ? $", last fetched {newest.ToLocalTime():yyyy-MM-dd HH:mm}" : "") + (status.FreeBytes is { } free ? $", {Units.Bytes(free)} free" : "");
    }

    /// <summary>Remembers what this plan needs, so that a later prune can keep it.</summary>
    public Task RecordAsync(CancellationToken cancellationToken) =>
        new StorePruner(parts.Store, TimeProvider.System).RecordPlanAsync(plan.Artifacts.Select(a => a.Artifact.ContentKey), cancellationToken);

    private async Task RepairAsync(VerifyReport found, RunProgress progress, CancellationToken cancellationToken)
    {
        // What no plan names any more is fetched as the rest is.
        var settings = plan.Artifacts.GroupBy(a => a.Artifact.ContentKey, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Settings, StringComparer.Ordinal);
        var others = settings.Values.FirstOrDefault() ?? new DownloadSettings();
        var transfer = progress.Begin("repair");
        try
        {
            var received = await parts.Fetcher.RepairAsync(found, key => settings.GetValueOrDefault(key, others), transfer, cancellationToken);
            progress.End(transfer, $"{found.Bad.Count} blobs put aside, {Units.Bytes(received)} fetched again");
        }
        catch (KubeCacheException e)
        {
            progress.End(transfer, $"{found.Bad.Count} blobs put aside, {e.Faults.Count} artifacts could not be fetched again as they were");
            Lost = (found.Damaged, e);
        }
    }

    private Fault Describe(BadBlob bad) => new($"{bad.Digest} in the cache is damaged")
    {
        Got = bad.Got,
        Expected = bad.Digest.ToString(),
        Where = new SourcePosition(string.Join(", ", bad.Owners.Select(o => _names.GetValueOrDefault(o) ?? parts.Store.Manifest.Artifacts.GetValueOrDefault(o)?.Name ?? o).DefaultIfEmpty("no artifact needs it"))),
        Hint = "Verify with --repair puts it aside and fetches it again",
    };
}
