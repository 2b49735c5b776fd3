using System.Collections.Concurrent;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>
/// Brings artifacts into the store; nothing else writes there. Thread-safe: call it for all artifacts at once, its limits hold over
/// all calls, and calls for the same content share one download.
/// </summary>
internal sealed class Fetcher : IAsyncDisposable
{
    private readonly ContentStore _store;
    private readonly FetchSettings _settings;
    private readonly Lazy<FetchShared> _shared;
    private readonly ConcurrentDictionary<DownloadSettings, FetchSession> _sessions = [];

    public Fetcher(ContentStore store, FetchSettings settings)
    {
        (_store, _settings) = (store, settings);
        _shared = new Lazy<FetchShared>(() => new FetchShared(store, settings));
    }

    /// <summary>Downloads that wait for a place.</summary>
    internal int Waiting => _shared.IsValueCreated ? _shared.Value.Gate.Waiting : 0;

    /// <summary>Repairs with the settings of the run.</summary>
    /// <inheritdoc cref="RepairAsync(VerifyReport, Func{string, DownloadSettings}, ITransferProgress, CancellationToken)"/>
    public Task<long> RepairAsync(VerifyReport report, ITransferProgress progress, CancellationToken cancellationToken) =>
        RepairAsync(report, _ => _settings.Download, progress, cancellationToken);

    /// <summary>Fetches with the settings of the run.</summary>
    /// <inheritdoc cref="FetchAsync(Artifact, DownloadSettings, ITransferProgress, CancellationToken)"/>
    public Task<FetchOutcome> FetchAsync(Artifact artifact, ITransferProgress progress, CancellationToken cancellationToken) =>
        FetchAsync(artifact, _settings.Download, progress, cancellationToken);

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
        // Nothing that talks to anybody is even made until something is missing.
        var known = _store.Find(artifact.ContentKey);
        if (known is not null && CacheEntries.ToStored(artifact.ContentKey, known) is var stored && !IsWantedAnew(artifact, settings) && stored.IsAsLocked(artifact))
        {
            return Task.FromResult(new FetchOutcome { Stored = stored, AlreadyThere = true });
        }

        return artifact switch
        {
            FileArtifact file => new FileFetch(Session(settings), progress).FetchAsync(file, known, cancellationToken),
            ImageArtifact image => new ImageFetch(Session(settings), progress).FetchAsync(image, known, cancellationToken),
            _ => throw new ArgumentException($"artifacts of type {artifact.GetType().Name} are not known", nameof(artifact)),
        };
    }

    /// <summary>
    /// Moves what a verification found to be bad aside and fetches it again, from where it came and byte for byte. Artifacts that
    /// cannot be had again are told as faults, all together; until they are fetched they count as not cached.
    /// </summary>
    /// <param name="report">What was found.</param>
    /// <param name="settingsOf">The settings of a host that the artifact with this content key is for.</param>
    /// <param name="progress">Told how it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Bytes received.</returns>
    /// <exception cref="KubeCacheException">Some could not be restored.</exception>
    public async Task<long> RepairAsync(VerifyReport report, Func<string, DownloadSettings> settingsOf, ITransferProgress progress, CancellationToken cancellationToken)
    {
        new StoreVerifier(_store).Quarantine(report);
        var entries = _store.Manifest.Artifacts;
        var restored = await Task.WhenAll(report.Damaged.Where(entries.ContainsKey).Select(async key =>
        {
            try
            {
                return (Bytes: await new Restoration(Session(settingsOf(key)), progress).RestoreAsync(entries[key], cancellationToken).ConfigureAwait(false), Error: (KubeCacheException?)null);
            }
            catch (KubeCacheException e)
            {
                return (0, e);
            }
        })).ConfigureAwait(false);

        // The documents that are derived from the manifest are written where they are missing.
        await _store.UpdateAsync(m => m, cancellationToken).ConfigureAwait(false);
        var errors = restored.Select(r => r.Error).OfType<KubeCacheException>().ToList();
        return errors.Count == 0
            ? restored.Sum(r => r.Bytes)
            : throw new KubeCacheException(errors[0].Kind, [.. errors.SelectMany(e => e.Faults)], errors[0]);
    }

    /// <summary>Stops what still runs (what was downloaded so far is kept) and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_shared.IsValueCreated)
        {
            await _shared.Value.Downloads.StopAsync().ConfigureAwait(false);
            _shared.Value.Dispose();
        }
    }

    /// <summary>Enters a file that a node downloaded.</summary>
    /// <inheritdoc cref="FileFetch.TakeAsync"/>
    public Task<FetchOutcome> TakeAsync(FileArtifact file, Digest digest, Func<LandingSink, CancellationToken, Task<BodyReceipt>> receive, CancellationToken cancellationToken) =>
        new FileFetch(Session(_settings.Download), NoProgress.Instance).TakeAsync(file, digest, receive, cancellationToken);

    /// <summary>Enters an image that a node downloaded.</summary>
    /// <inheritdoc cref="ImageFetch.TakeAsync"/>
    public Task<FetchOutcome> TakeAsync(ImageArtifact image, IImageOrigin origin, ManifestAnswer root, CancellationToken cancellationToken) =>
        new ImageFetch(Session(_settings.Download), NoProgress.Instance).TakeAsync(image, origin, root, cancellationToken);

    /// <summary>Content that nothing pins may have changed at its source; it is looked at when that is asked for.</summary>
    private bool IsWantedAnew(Artifact artifact, DownloadSettings settings) => artifact switch
    {
        FileArtifact { Checksum: not Checksum.Known } => _settings.Refresh,
        ImageArtifact { Reference.Digest: null } => _settings.Refresh || settings.AlwaysPull,
        _ => false,
    };

    private FetchSession Session(DownloadSettings settings) => _sessions.GetOrAdd(settings, s => new FetchSession(_shared.Value, s));
}
