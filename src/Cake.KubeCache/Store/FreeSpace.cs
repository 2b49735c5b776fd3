namespace Cake.KubeCache.Store;

/// <summary>How much the disk under a folder still takes.</summary>
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
}
