using System.Collections.Concurrent;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// Exclusive use of a file across processes. The operating system holds the lock (flock, or the share mode on Windows), so it is
/// gone with the process, however that ends.
/// </summary>
internal static class StoreLock
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Folders of which is known that locks hold there.</summary>
    private static readonly ConcurrentDictionary<string, bool> Tried = new(StringComparer.Ordinal);

    /// <summary>Opens the file for this process alone, waiting as long as another holds it.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="waiting">Called once when the file is held by someone else.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It cannot be opened for another reason than the lock.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    /// <exception cref="KubeCacheException">The file system does not lock (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<FileStream> AcquireAsync(string path, Action? waiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return Tested(Open(path, FileMode.OpenOrCreate), path);
            }
            catch (IOException e) when (IsHeld(e))
            {
                waiting?.Invoke();
                waiting = null;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    // No buffer: callers write through the handle.
    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>
    /// The runtime takes a lock that the file system refuses (ENOLCK, EOPNOTSUPP: NFS without its lock service, some network file
    /// systems) for one that it got. So the first file of each folder is opened once more, which must fail.
    /// </summary>
    private static FileStream Tested(FileStream held, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (Tried.ContainsKey(folder))
        {
            return held;
        }

        try
        {
            Open(path, FileMode.Open).Dispose();
        }
        catch (IOException e) when (IsHeld(e))
        {
            Tried[folder] = true;
            return held;
        }
        catch (Exception)
        {
            held.Dispose();
            throw;
        }

        held.Dispose();
        throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the file system of the cache does not lock files, so two processes would damage each other's downloads")
        {
            Where = new SourcePosition(folder),
            Hint = "name a folder on another file system (--cache), or mount this one with locks (NFS: not with nolock, and with its lock service running); what is cached can still be read",
        });
    }

    /// <summary>EWOULDBLOCK (Linux 11, macOS 35) of flock, or a sharing violation on Windows.</summary>
    public static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
