using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Lists what lies in a store's folders.</summary>
internal static class StoreFiles
{
    /// <summary>Every blob. Temporary files of a writer that is at work, or was killed, are no blobs.</summary>
    public static IEnumerable<(Digest Digest, FileInfo File)> Blobs(StoreLayout layout) =>
        Files(layout.Blobs).Where(f => f.Name.Length == 64 && f.Name.All(char.IsAsciiHexDigitLower)).Select(f => (Digest.Sha256(f.Name), f));

    /// <summary>Temporary files beside the blobs and the manifest that a killed writer left.</summary>
    public static IEnumerable<FileInfo> Leftovers(StoreLayout layout) =>
        Files(layout.Blobs).Concat(Files(layout.Root)).Concat(Files(layout.Partials)).Where(f => f.Name.StartsWith('.'));

    /// <summary>Unfinished downloads and what is kept to resume them.</summary>
    public static IEnumerable<FileInfo> Partials(StoreLayout layout) => Files(layout.Partials).Where(f => !f.Name.StartsWith('.'));

    /// <summary>Bad blobs that were moved aside.</summary>
    public static IEnumerable<FileInfo> Quarantined(StoreLayout layout) => Files(layout.Quarantine);

    private static IEnumerable<FileInfo> Files(string directory) => Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFiles() : [];
}
