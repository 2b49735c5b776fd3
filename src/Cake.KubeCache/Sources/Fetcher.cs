using System.Collections.Concurrent;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources;

/// <summary>
/// Brings artifacts into the store; nothing else writes there. Thread-safe: call it for all artifacts at once, its limits hold over
/// all calls, and calls for the same content share one download.
/// </summary>
internal sealed class Fetcher : IAsyncDisposable
{
    private readonly FetchShared _shared;
    private readonly ConcurrentDictionary<DownloadSettings, FetchSession> _sessions = [];

    public Fetcher(ContentStore store, FetchSettings settings) => _shared = new FetchShared(store, settings);

    /// <summary>Fetches with the settings of the run.</summary>
    /// <inheritdoc cref="FetchAsync(Artifact, DownloadSettings, ITransferProgress, CancellationToken)"/>
    public Task<FetchOutcome> FetchAsync(Artifact artifact, ITransferProgress progress, CancellationToken cancellationToken) =>
        FetchAsync(artifact, _shared.Settings.Download, progress, cancellationToken);

    /// <summary>Fetches an artifact unless the store has it; then no request is made (but for a tag that is to be resolved anew).</summary>
    /// <param name="artifact">What to fetch.</param>
    /// <param name="settings">Settings of the host that it is for: retries, proxies, certificates, registries.</param>
    /// <param name="progress">Told how it goes.</param>
    /// <param name="cancellationToken">Ends it; what was downloaded so far is resumed next time.</param>
    /// <exception cref="KubeCacheException">
    /// Wrong content, refused, not found, disk full (<see cref="ErrorKind.GiveUp"/>); unreachable or failing after all retries
    /// (<see cref="ErrorKind.Retry"/>); a setting that makes no sense (<see cref="ErrorKind.Input"/>).
    /// </exception>
    public Task<FetchOutcome> FetchAsync(Artifact artifact, DownloadSettings settings, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var session = _sessions.GetOrAdd(settings, s => new FetchSession(_shared, s));
        return artifact switch
        {
            FileArtifact file => new FileFetch(session, progress).FetchAsync(file, cancellationToken),
            ImageArtifact image => new ImageFetch(session, progress).FetchAsync(image, cancellationToken),
            _ => throw new ArgumentException($"artifacts of type {artifact.GetType().Name} are not known", nameof(artifact)),
        };
    }

    /// <summary>
    /// Moves what a verification found to be bad aside and fetches it again, from where it came and byte for byte. Artifacts that
    /// cannot be had again are told as faults, all together; until they are fetched they count as not cached.
    /// </summary>
    /// <returns>Bytes received.</returns>
    /// <exception cref="KubeCacheException">Some could not be restored.</exception>
    public async Task<long> RepairAsync(VerifyReport report, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var store = _shared.Store;
        new StoreVerifier(store).Quarantine(report);
        var session = _sessions.GetOrAdd(_shared.Settings.Download, s => new FetchSession(_shared, s));
        var entries = report.Damaged.Select(key => store.Manifest.Artifacts.GetValueOrDefault(key)).OfType<CacheEntry>();
        var restored = await Task.WhenAll(entries.Select(async entry =>
        {
            try
            {
                return (Bytes: await new Restoration(session, progress).RestoreAsync(entry, cancellationToken).ConfigureAwait(false), Error: (KubeCacheException?)null);
            }
            catch (KubeCacheException e)
            {
                return (0, e);
            }
        })).ConfigureAwait(false);

        // The documents that are derived from the manifest are written where they are missing.
        await store.UpdateAsync(m => m, cancellationToken).ConfigureAwait(false);
        var errors = restored.Select(r => r.Error).OfType<KubeCacheException>().ToList();
        return errors.Count == 0
            ? restored.Sum(r => r.Bytes)
            : throw new KubeCacheException(errors[0].Kind, [.. errors.SelectMany(e => e.Faults)], errors[0]);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _shared.Dispose();
        return ValueTask.CompletedTask;
    }
}
