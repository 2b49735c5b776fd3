using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Reads every blob again and compares it with its name.</summary>
internal sealed class StoreVerifier(ContentStore store)
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>Hashes everything, as many blobs at once as there are processors. Changes nothing.</summary>
    /// <param name="progress">Told about bytes read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<VerifyReport> VerifyAsync(ITransferProgress progress, CancellationToken cancellationToken)
    {
        var needed = Needed();
        var present = Present();
        var bad = new ConcurrentBag<BadBlob>(needed.Keys.Where(d => !present.ContainsKey(d)).Select(d => Bad(d, "missing", needed)));
        progress.Expect(present.Values.Sum());
        await Parallel.ForEachAsync(present.OrderByDescending(p => p.Value), cancellationToken, (blob, token) =>
        {
            if (Differs(blob.Key, progress, token) is { } got)
            {
                bad.Add(Bad(blob.Key, got, needed));
            }

            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return new VerifyReport(present.Count, present.Values.Sum(), [.. bad.OrderBy(b => b.Digest.Hex, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Moves bad blobs aside, so that nobody uses them and the next fetch brings them anew. Their artifacts count as not cached until then.
    /// </summary>
    /// <exception cref="KubeCacheException">The cache cannot be written.</exception>
    public void Quarantine(VerifyReport report)
    {
        try
        {
            Directory.CreateDirectory(store.Layout.Quarantine);
            foreach (var blob in report.Bad.Where(b => File.Exists(store.Layout.Blob(b.Digest))))
            {
                File.Move(store.Layout.Blob(blob.Digest), Path.Combine(store.Layout.Quarantine, blob.Digest.Hex), overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, "bad content could not be moved aside", store.Directory);
        }
    }

    private static BadBlob Bad(Digest digest, string got, Dictionary<Digest, List<string>> owners) => new(digest, got, owners.GetValueOrDefault(digest) ?? []);

    private Dictionary<Digest, List<string>> Needed()
    {
        var manifest = store.Manifest;
        var needed = new Dictionary<Digest, List<string>>();
        foreach (var (key, entry) in manifest.Artifacts)
        {
            foreach (var (digest, _) in CacheEntries.Blobs(entry))
            {
                if (!needed.TryGetValue(digest, out var owners))
                {
                    needed.Add(digest, owners = []);
                }

                owners.Add(key);
            }
        }

        foreach (var digest in manifest.Artifacts.Count == 0 ? [] : OciIndexFile.OwnBlobs(manifest))
        {
            needed.TryAdd(digest, []);
        }

        return needed;
    }

    private Dictionary<Digest, long> Present() => StoreFiles.Blobs(store.Layout).ToDictionary(b => b.Digest, b => b.File.Length);

    private string? Differs(Digest digest, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var handle = BlobFile.Open(store.Layout.Blob(digest), FileOptions.SequentialScan);
            long length = 0;
            int read;
            while ((read = RandomAccess.Read(handle, buffer, length)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                length += read;
                progress.Advance(read);
            }

            var got = Digest.Sha256(hash.GetCurrentHash());
            return got == digest ? null : $"{got} ({length} bytes)";
        }
        catch (FileNotFoundException)
        {
            return "missing";
        }
        catch (IOException e)
        {
            // A disk that cannot read a block is exactly what this looks for.
            return e.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>What a verification found.</summary>
/// <param name="Blobs">Blobs on the disk.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Bad">What is missing or does not hash to its name.</param>
internal sealed record VerifyReport(int Blobs, long Bytes, IReadOnlyList<BadBlob> Bad)
{
    /// <summary>Content keys of the artifacts that are damaged.</summary>
    public IReadOnlyList<string> Damaged => [.. Bad.SelectMany(b => b.Owners).Distinct().Order(StringComparer.Ordinal)];
}

/// <summary>A blob that is not what its name says.</summary>
/// <param name="Digest">Its name.</param>
/// <param name="Got"><c>missing</c>, what it hashes to, or why it cannot be read.</param>
/// <param name="Owners">Content keys of the artifacts that need it.</param>
internal sealed record BadBlob(Digest Digest, string Got, IReadOnlyList<string> Owners);
