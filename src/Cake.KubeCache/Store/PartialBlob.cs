using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// Content on its way into the store: appended to a file under <c>partial/</c>, hashed as it passes, and renamed to its digest
/// when complete. The file is locked while this object lives, so two processes never write one download.
/// </summary>
internal sealed class PartialBlob : IDisposable
{
    private readonly StoreLayout _layout;
    private readonly string _id;
    private readonly FileStream _file;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _sha512;
    private readonly bool _keepState;
    private bool _promoted;

    private PartialBlob(StoreLayout layout, PartialRequest request, FileStream file)
    {
        (_layout, _id, _file, _keepState) = (layout, request.Id, file, request.KeepState);
        _sha512 = request.WithSha512 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA512) : null;
        State = ReadState();
        Rehash();
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>Where they came from; null for a download that was not begun.</summary>
    public PartialState? State { get; private set; }

    /// <summary>Takes the download with this id for this process, waiting while another has it.</summary>
    /// <param name="layout">The store.</param>
    /// <param name="request">Which download, and what to hash.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<PartialBlob> AcquireAsync(StoreLayout layout, PartialRequest request, CancellationToken cancellationToken)
    {
        var path = layout.Partial(request.Id);
        var file = await StoreLock.AcquireAsync(path, request.Waiting, cancellationToken).ConfigureAwait(false);
        while (!HasStill(file, path))
        {
            // Between our opening and locking it, the process that held it removed it, or made a blob of it: that is not ours to write.
            await file.DisposeAsync().ConfigureAwait(false);
            file = await StoreLock.AcquireAsync(path, request.Waiting, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return new PartialBlob(layout, request, file);
        }
        catch (Exception)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Notes where the coming bytes come from; kept for the next process.</summary>
    public void Begin(string source, string? validator)
    {
        State = new PartialState { Source = source, Validator = validator };
        WriteState();
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
        Length += bytes.Length;
        Hash(bytes);
    }

    /// <summary>Throws away what is there.</summary>
    public void Restart()
    {
        _file.SetLength(0);
        Length = 0;
        Reset(_sha256);
        Reset(_sha512);
    }

    /// <summary>SHA-256 of everything so far.</summary>
    public Digest Sha256() => Digest.Sha256(_sha256.GetCurrentHash());

    /// <summary>SHA-512 of everything so far; only where it was asked for.</summary>
    public Digest Sha512() => Digest.Parse("sha512:" + Convert.ToHexStringLower(_sha512!.GetCurrentHash()));

    /// <summary>Makes the content a blob of the store. The caller has compared the hashes.</summary>
    /// <returns>Its digest.</returns>
    /// <remarks>On a thread of its own: flushing waits for the disk, and the pool's few threads are busy with the other downloads.</remarks>
    public Task<Digest> PromoteAsync() => Task.Factory.StartNew(Promote, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The same, where it may block.</summary>
    public Digest Promote()
    {
        var digest = Sha256();
        _file.Flush(flushToDisk: true);
        State = (State ?? new PartialState { Source = "" }) with { Completed = digest.ToString() };
        WriteState();
        if (OperatingSystem.IsWindows())
        {
            // An open file cannot be renamed there. Elsewhere it is renamed while it is locked, so that no other process can take
            // up the name in between.
            _file.Dispose();
        }

        try
        {
            Renaming.Promote(_layout.Partial(_id), _layout.Blob(digest), OperatingSystem.IsWindows() ? null : _file.SafeFileHandle, Length);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody removed it though we hold its lock.
            throw new KubeCacheException(ErrorKind.Retry, new Fault("an unfinished download was removed by another process on the same cache") { Where = new SourcePosition(_layout.Partial(_id)) }, e);
        }

        // At once: until then nobody else can open the blob that it now is.
        _file.Dispose();
        _promoted = true;
        return digest;
    }

    /// <summary>Forgets the download: nothing of it is kept for a later process.</summary>
    public void Forget()
    {
        Restart();
        State = null;
        File.Delete(_layout.PartialState(_id));
    }

    /// <summary>Removes what a finished download left beside the blob. Called once the cache manifest names it.</summary>
    public static void Clear(StoreLayout layout, string id) => File.Delete(layout.PartialState(id));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_promoted && Length == 0 && !OperatingSystem.IsWindows())
        {
            // Removed under the lock. Who opened it before and locks it after notices (StoreLock).
            File.Delete(_layout.Partial(_id));
        }

        _file.Dispose();
        _sha256.Dispose();
        _sha512?.Dispose();
    }

    /// <summary>Whether the file that is open still has its name. Windows lets nobody rename an open file.</summary>
    internal static bool HasStill(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        // Linux tells the name that an open file has now, behind all links. Where it does not, a third process that began the download
        // anew in the same moment stays unseen.
        var named = OperatingSystem.IsLinux() ? new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget : null;
        return File.Exists(path) && (named is null || Path.GetFileName(named) == Path.GetFileName(path));
    }

    private static void Reset(IncrementalHash? hash)
    {
        if (hash is not null)
        {
            Span<byte> unused = stackalloc byte[64];
            hash.GetHashAndReset(unused);
        }
    }

    private void Hash(ReadOnlySpan<byte> bytes)
    {
        _sha256.AppendData(bytes);
        _sha512?.AppendData(bytes);
    }

    /// <summary>The hash covers the whole content, so bytes of an earlier process are read again.</summary>
    private void Rehash()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            int read;
            while ((read = RandomAccess.Read(_file.SafeFileHandle, buffer, Length)) > 0)
            {
                Hash(buffer.AsSpan(0, read));
                Length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private PartialState? ReadState()
    {
        var path = _layout.PartialState(_id);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), StoreJson.Default.PartialState);
        }
        catch (JsonException)
        {
            // It only saves work: without it the download begins anew.
            return null;
        }
    }

    private void WriteState()
    {
        if (_keepState)
        {
            AtomicFile.Write(_layout.PartialState(_id), JsonSerializer.SerializeToUtf8Bytes(State!, StoreJson.Default.PartialState));
        }
    }
}

/// <summary>Which unfinished download is wanted.</summary>
/// <param name="Id">Its name under <c>partial/</c>: the content's digest where it is known, else derived from the URL.</param>
/// <param name="WithSha512">Whether SHA-512 is needed besides SHA-256.</param>
/// <param name="KeepState">Whether where the bytes came from is kept for a later process; not needed where the id is the digest.</param>
/// <param name="Waiting">Called once when another process has it.</param>
internal sealed record PartialRequest(string Id, bool WithSha512 = false, bool KeepState = false, Action? Waiting = null);
