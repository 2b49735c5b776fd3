namespace Cake.KubeCache.Store;

/// <summary>
/// Exclusive use of a file across processes. The operating system holds the lock (flock, or the share mode on Windows), so it is
/// gone with the process, however that ends.
/// </summary>
internal static class StoreLock
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Opens the file for this process alone, waiting as long as another holds it.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="waiting">Called once when the file is held by someone else.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It cannot be opened for another reason than the lock.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static async Task<FileStream> AcquireAsync(string path, Action? waiting, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // No buffer: callers write through the handle.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (IsHeld(e))
            {
                waiting?.Invoke();
                waiting = null;
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>EWOULDBLOCK (Linux 11, macOS 35) of flock, or a sharing violation on Windows.</summary>
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
