namespace Cake.KubeCache.Transport.Shells;

/// <summary>Paths as people write them in inventories and ssh_config.</summary>
internal static class SshPaths
{
    /// <summary>Replaces a leading <c>~</c> and <c>%d</c> by the caller's home folder.</summary>
    public static string Expand(string path, ConnectSettings settings) =>
        (path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? settings.Home + path[1..] : path).Replace("%d", settings.Home, StringComparison.Ordinal);
}
