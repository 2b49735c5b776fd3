using System.Globalization;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Texts with tokens as people write them in inventories and ssh_config (ssh_config(5), "TOKENS").</summary>
internal static class SshPaths
{
    /// <summary>Replaces a leading <c>~</c> and <c>%d</c> by the caller's home folder.</summary>
    public static string Expand(string path, ConnectSettings settings) =>
        (path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? settings.Home + path[1..] : path).Replace("%d", settings.Home, StringComparison.Ordinal);

    /// <summary>Also replaces what stands for the endpoint.</summary>
    public static string Expand(string path, ConnectSettings settings, SshEndpoint endpoint) =>
        Expand(Tokens(path, endpoint).Replace("%u", settings.Environment.GetValueOrDefault("USER") ?? Environment.UserName, StringComparison.Ordinal), settings);

    /// <summary>Replaces <c>%h</c>, <c>%n</c>, <c>%p</c>, <c>%r</c> and <c>%%</c>.</summary>
    public static string Tokens(string text, SshEndpoint endpoint) => text
        .Replace("%%", "\0", StringComparison.Ordinal)
        .Replace("%h", endpoint.Host, StringComparison.Ordinal)
        .Replace("%n", endpoint.Host, StringComparison.Ordinal)
        .Replace("%p", endpoint.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("%r", endpoint.User, StringComparison.Ordinal)
        .Replace('\0', '%');
}
