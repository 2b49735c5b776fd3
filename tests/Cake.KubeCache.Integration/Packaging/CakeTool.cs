namespace Cake.KubeCache.Integration.Packaging;

/// <summary>The Cake.Tool package that this repository builds with, as it was restored.</summary>
internal static class CakeTool
{
    /// <summary>Its folder, without a slash at its end.</summary>
    public static string Folder { get; } = Directory.GetDirectories(Path.Combine(Packages(), "cake.tool")).Max(StringComparer.Ordinal)!;

    private static string Packages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ??
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
