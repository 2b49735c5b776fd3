namespace Benchmarks;

/// <summary>A temporary folder that goes with the measurement.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("kubecache-bench-").FullName;

    public string At(params string[] parts) => Path.Combine([_path, .. parts]);

    /// <summary>Makes a folder in it empty.</summary>
    public void Renew(string name)
    {
        if (Directory.Exists(At(name)))
        {
            Directory.Delete(At(name), recursive: true);
        }

        Directory.CreateDirectory(At(name));
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
