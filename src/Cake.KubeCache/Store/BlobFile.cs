using Microsoft.Win32.SafeHandles;

namespace Cake.KubeCache.Store;

/// <summary>Opens a blob that is there for reading.</summary>
internal static class BlobFile
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens it; any number may read at once.</summary>
    /// <param name="path">Its path under <c>blobs/</c>.</param>
    /// <param name="options">How it will be read.</param>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static SafeFileHandle Open(string path, FileOptions options = FileOptions.None)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, options);
            }
            catch (IOException e) when (StoreLock.IsHeld(e) && waited < Patience)
            {
                // A download gets its name while its process still has it locked (PartialBlob.Promote): it lets go of it at once.
                Thread.Sleep(Pause);
            }
        }
    }
}
