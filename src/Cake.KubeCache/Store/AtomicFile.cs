using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Replaces a file so that a reader, or a crash, sees the old content or the new, never a mixture.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        var temporary = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception)
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Turns what the file system says into an error that tells what to do.</summary>
    /// <param name="error">An <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> of a write.</param>
    /// <param name="what">What was attempted.</param>
    /// <param name="directory">The store's folder.</param>
    public static KubeCacheException Explain(Exception error, string what, string directory)
    {
        var hint = error switch
        {
            UnauthorizedAccessException => $"the cache {directory} cannot be written: give this user write access, or name another folder (--cache)",
            IOException when IsDiskFull(error) => $"the disk under {directory} is full: free some space (Prune removes what no plan uses), or name another folder (--cache); what was downloaded so far is kept and resumed",
            IOException when IsReadOnly(error) => $"the cache {directory} is on a read-only file system: name another folder (--cache), or fill it where it can be written",
            _ => null,
        };
        return new KubeCacheException(ErrorKind.GiveUp, new Fault(what) { Got = error.Message, Hint = hint }, error);
    }

    /// <summary>ENOSPC or EDQUOT on Unix, ERROR_DISK_FULL or ERROR_HANDLE_DISK_FULL on Windows.</summary>
    private static bool IsDiskFull(Exception error) => error.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    /// <summary>EROFS on Unix, ERROR_WRITE_PROTECT on Windows.</summary>
    private static bool IsReadOnly(Exception error) => error.HResult is 30 or unchecked((int)0x80070013);
}
