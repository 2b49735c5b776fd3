using Microsoft.Win32.SafeHandles;

namespace Cake.KubeCache.Store;

/// <summary>
/// Gives complete content its name under <c>blobs/</c>, in one step that others see whole or not at all, on file systems too on which
/// a rename may fail or be told wrongly.
/// </summary>
internal static class Renaming
{
    private const int Attempts = 3;

    private const int BufferSize = 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Renames verified content; what had the name before is replaced.</summary>
    /// <param name="from">The content, flushed to the disk.</param>
    /// <param name="to">The blob's path. What lies there has the same content, unless its length differs.</param>
    /// <param name="content">The content's open file; null where it had to be closed for the rename.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static void Promote(string from, string to, SafeFileHandle? content, long length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Rename(from, to);
                return;
            }
            catch (IOException e) when (IsOtherDevice(e))
            {
                CopyAcross(from, to, content);
                return;
            }
            catch (Exception e) when ((e is IOException or UnauthorizedAccessException) && IsThere(to, length))
            {
                // Another process was faster, or has it open where open files cannot be replaced; or (on NFS) the rename was done
                // and only its answer was lost.
                File.Delete(from);
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // ESTALE of NFS passes when the names are looked up again. Any error is tried again: the number that the runtime reports
                // for the first failed rename of a process is not always the system's.
                Thread.Sleep(Pause);
            }
        }
    }

    private static void Rename(string from, string to)
    {
        // Directory.Move renames files too, and unlike File.Move it never copies when the two are on different file systems: a copy
        // that is under way would look like a blob. It replaces nothing, so what is there already is replaced from beside.
        if (!File.Exists(to))
        {
            Directory.Move(from, to);
            return;
        }

        var beside = Beside(to);
        Directory.Move(from, beside);
        Replace(beside, to);
    }

    /// <summary>Where <c>blobs</c> is a file system of its own: copied beside the name first.</summary>
    private static void CopyAcross(string from, string to, SafeFileHandle? content)
    {
        var beside = Beside(to);
        try
        {
            // By the handle that holds its lock: to open it anew would mean to wait for ourselves.
            using var opened = content is null ? File.OpenHandle(from) : null;
            using var copy = File.OpenHandle(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            var buffer = new byte[BufferSize];
            int read;
            for (var at = 0L; (read = RandomAccess.Read(content ?? opened!, buffer, at)) > 0; at += read)
            {
                RandomAccess.Write(copy, buffer.AsSpan(0, read), at);
            }

            RandomAccess.FlushToDisk(copy);
        }
        catch (Exception)
        {
            File.Delete(beside);
            throw;
        }

        Replace(beside, to);
        File.Delete(from);
    }

    private static void Replace(string beside, string to)
    {
        try
        {
            File.Move(beside, to, overwrite: true);
        }
        catch (Exception)
        {
            File.Delete(beside);
            throw;
        }
    }

    private static string Beside(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");

    private static bool IsThere(string path, long length) => new FileInfo(path) is { Exists: true } file && file.Length == length;

    /// <summary>EXDEV on Unix, ERROR_NOT_SAME_DEVICE on Windows.</summary>
    private static bool IsOtherDevice(IOException error) => error.HResult is 18 or unchecked((int)0x80070011);
}
