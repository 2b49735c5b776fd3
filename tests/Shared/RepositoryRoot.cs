namespace Cake.KubeCache.Testing;

/// <summary>Where this repository is checked out: tests read recipes and run scripts from there.</summary>
internal static class RepositoryRoot
{
    /// <summary>The folder with the solution, above the test program.</summary>
    public static string Path { get; } = global::Build.Repository.FindRoot(AppContext.BaseDirectory).FullPath;

    /// <summary>A path below the root.</summary>
    public static string Of(string relative) => System.IO.Path.Combine(Path, relative);
}
