namespace Benchmarks;

/// <summary>The repository that these measurements are built in.</summary>
internal static class Repository
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The build host as <c>./build.sh</c> compiles and starts it.</summary>
    public static string Host => Path.Combine(Root, "artifacts", "host", "bin", "Build.dll");

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Cake.KubeCache.slnx")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("the benchmarks are not below their repository");
    }
}
