using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// Writes the cache manifest and the index, one writer at a time across threads and processes. What arrives while a rewrite is
/// under way waits and goes into the next one together, so that a hundred artifacts do not cost a hundred rewrites.
/// </summary>
internal sealed class CommitQueue(StoreLayout layout, CacheManifestFile manifest) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private List<Commit> _waiting = [];

    /// <summary>Enters an artifact and waits until it is on the disk; null when a blob of it vanished meanwhile.</summary>
    public async Task<StoredArtifact?> CommitAsync(string contentKey, CacheEntry entry, CancellationToken cancellationToken)
    {
        var commit = new Commit(contentKey, entry);
        lock (_gate)
        {
            _waiting.Add(commit);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!commit.Done.Task.IsCompleted)
            {
                await WriteWaitingAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }

        return await commit.Done.Task.ConfigureAwait(false) ? CacheEntries.ToStored(contentKey, entry) : null;
    }

    /// <summary>Changes the manifest as a whole; what follows is done under the same lock.</summary>
    public async Task UpdateAsync(Func<CacheManifest, CacheManifest> change, Action afterwards, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await WriteAsync(change, afterwards, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        List<Commit> batch;
        lock (_gate)
        {
            (batch, _waiting) = (_waiting, []);
        }

        try
        {
            await WriteAsync(current => Enter(current, batch), () => { }, cancellationToken).ConfigureAwait(false);
            batch.ForEach(c => c.Done.TrySetResult(true));
        }
        catch (OperationCanceledException)
        {
            // Only this caller was cancelled: the others' commits go back and are written by the next in turn.
            lock (_gate)
            {
                _waiting.InsertRange(0, batch.Where(c => !c.Done.Task.IsCompleted));
            }

            throw;
        }
        catch (KubeCacheException e)
        {
            batch.ForEach(c => c.Done.TrySetException(e));
        }
    }

    private async Task WriteAsync(Func<CacheManifest, CacheManifest> change, Action afterwards, CancellationToken cancellationToken)
    {
        try
        {
            using var held = await StoreLock.AcquireAsync(layout.Lock, waiting: null, cancellationToken).ConfigureAwait(false);
            var next = change(manifest.Current());

            // The index first: after a crash in between, other tools see an artifact too many, never one too few.
            OciIndexFile.Write(layout, next);
            manifest.Replace(next);
            afterwards();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, "the cache manifest could not be written", layout.Root);
        }
    }

    private CacheManifest Enter(CacheManifest current, List<Commit> batch)
    {
        var artifacts = new SortedDictionary<string, CacheEntry>(current.Artifacts, StringComparer.Ordinal);
        foreach (var commit in batch)
        {
            // Under the lock, because another process may have pruned a blob since it was looked up.
            if (!CacheEntries.Blobs(commit.Entry).All(b => File.Exists(layout.Blob(b.Digest))))
            {
                commit.Done.TrySetResult(false);
                continue;
            }

            artifacts[commit.Key] = commit.Entry;
        }

        return current with { Artifacts = artifacts };
    }

    private sealed record Commit(string Key, CacheEntry Entry)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
