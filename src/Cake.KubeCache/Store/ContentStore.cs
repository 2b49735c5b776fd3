using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// The content-addressed cache: an OCI image layout (OCI image-spec 1.1, image-layout.md) that other tools read as it is, and a
/// cache manifest that says which artifact is which content. Thread-safe; several processes may use one folder.
/// </summary>
internal sealed class ContentStore : IBlobSource, IDisposable
{
    private readonly CacheManifestFile _manifest;
    private readonly CommitQueue _commits;

    private ContentStore(StoreLayout layout)
    {
        Layout = layout;
        _manifest = new CacheManifestFile(layout);
        _commits = new CommitQueue(layout, _manifest);
    }

    /// <summary>The folder.</summary>
    public string Directory => Layout.Root;

    /// <summary>Where things lie in it.</summary>
    public StoreLayout Layout { get; }

    /// <summary>The cache manifest as it now is.</summary>
    public CacheManifest Manifest => _manifest.Current();

    /// <summary>Opens a store. Costs reading one file; takes no lock; writes nothing, so a read-only cache can be used.</summary>
    /// <param name="directory">Its folder; made at the first write where it is missing.</param>
    /// <exception cref="KubeCacheException">Written by a newer version, or its manifest is damaged (<see cref="ErrorKind.Input"/>).</exception>
    public static ContentStore Open(string directory)
    {
        var store = new ContentStore(new StoreLayout(directory));
        _ = store.Manifest;
        return store;
    }

    /// <summary>
    /// What the store holds now. Entries of which a blob is missing or has another size are left out: they are fetched again.
    /// </summary>
    public StoreSnapshot Snapshot()
    {
        var artifacts = new Dictionary<string, StoredArtifact>();
        foreach (var (key, entry) in Manifest.Artifacts)
        {
            if (IsComplete(entry))
            {
                artifacts.Add(key, CacheEntries.ToStored(key, entry));
            }
        }

        return new StoreSnapshot(artifacts);
    }

    /// <summary>The entry for a content key, if all its blobs are there; else null.</summary>
    public CacheEntry? Find(string contentKey) =>
        Manifest.Artifacts.TryGetValue(contentKey, out var entry) && IsComplete(entry) ? entry : null;

    /// <summary>Whether a blob is there with this size; any size where none is given. Existence means that it was verified.</summary>
    public bool Has(Digest digest, long? size = null)
    {
        var file = new FileInfo(Layout.Blob(digest));
        return file.Exists && (size is null || file.Length == size);
    }

    /// <summary>Bytes of a blob that is there.</summary>
    public long SizeOf(Digest digest) => new FileInfo(Layout.Blob(digest)).Length;

    /// <inheritdoc/>
    public Stream OpenRead(Digest digest)
    {
        try
        {
            return new FileStream(BlobFile.Open(Layout.Blob(digest)), FileAccess.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the cache has no content {digest}") { Where = new SourcePosition(Directory), Hint = "run Fetch; Verify --repair finds what else is missing" }, e);
        }
    }

    /// <summary>Reads a small blob whole.</summary>
    public byte[] ReadAll(Digest digest, int limit)
    {
        using var stream = OpenRead(digest);
        if (stream.Length > limit)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"content {digest} is too large for what it is said to be") { Got = $"{stream.Length} bytes", Expected = $"at most {limit} bytes" });
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Writes a small blob whole; one that is there already is left alone.</summary>
    public Digest Put(ReadOnlySpan<byte> content)
    {
        var digest = Digest.Sha256(SHA256.HashData(content));
        if (!Has(digest, content.Length))
        {
            try
            {
                AtomicFile.Write(Layout.Blob(digest), content);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.Explain(e, $"content {digest} could not be written to the cache", Directory);
            }
        }

        return digest;
    }

    /// <summary>Takes an unfinished download for this process.</summary>
    public async Task<PartialBlob> AcquireAsync(PartialRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await PartialBlob.AcquireAsync(Layout, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, "a download could not be begun in the cache", Directory);
        }
    }

    /// <summary>Enters an artifact whose blobs are all there. Many calls at once share one rewrite of the files.</summary>
    /// <returns>The entry as others see it; null when another process pruned a blob of it meanwhile: then it must be fetched again.</returns>
    /// <exception cref="KubeCacheException">The cache cannot be written (<see cref="ErrorKind.GiveUp"/>).</exception>
    public Task<StoredArtifact?> CommitAsync(string contentKey, CacheEntry entry, CancellationToken cancellationToken) =>
        _commits.CommitAsync(contentKey, entry, cancellationToken);

    /// <summary>Changes the manifest under the store's lock: for prune, verify and the record of plans.</summary>
    public Task UpdateAsync(Func<CacheManifest, CacheManifest> change, CancellationToken cancellationToken) => _commits.UpdateAsync(change, () => { }, cancellationToken);

    /// <summary>The same, with something that is done under the lock once the manifest is written.</summary>
    public Task UpdateAsync(Func<CacheManifest, CacheManifest> change, Action afterwards, CancellationToken cancellationToken) => _commits.UpdateAsync(change, afterwards, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _commits.Dispose();

    private bool IsComplete(CacheEntry entry) => CacheEntries.Blobs(entry).All(b => Has(b.Digest, b.Size));
}
