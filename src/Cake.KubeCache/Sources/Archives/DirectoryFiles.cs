namespace Cake.KubeCache.Sources.Archives;

/// <summary>An image archive that is a folder.</summary>
internal sealed class DirectoryFiles(string directory) : IArchiveFiles
{
    private readonly string _root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;

    /// <inheritdoc/>
    public Stream? Open(string name)
    {
        // Names come out of the archive's own JSON: one that leaves the folder is no file of it.
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root, StringComparison.Ordinal) && File.Exists(path) ? LocalFiles.Open(path) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
