using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Looks whether something fits on the store's disk before it is begun.</summary>
internal static class FreeSpace
{
    /// <summary>Bytes that this user may still write, or null where the system does not say.</summary>
    public static long? Of(string directory)
    {
        var existing = directory;
        while (!Directory.Exists(existing))
        {
            if (Path.GetDirectoryName(existing) is not { } parent)
            {
                return null;
            }

            existing = parent;
        }

        try
        {
            return new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // Network shares may not answer; the write itself will tell.
            return null;
        }
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="directory">The store's folder.</param>
    /// <param name="bytes">Bytes to be written.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <exception cref="KubeCacheException">Not enough space (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static void Ensure(string directory, long bytes, string what)
    {
        if (bytes > 0 && Of(directory) is { } free && free < bytes)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{what} does not fit on the cache's disk")
            {
                Where = new SourcePosition(directory),
                Got = $"{free} bytes free",
                Expected = $"{bytes} bytes",
                Hint = "free some space (Prune removes what no plan uses), or name another folder (--cache)",
            });
        }
    }
}
