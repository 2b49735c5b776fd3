using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine;

/// <summary>Where the store is.</summary>
internal static class CacheLocation
{
    /// <summary>What was asked for, else what the inventory names, else <c>kubecache</c> in the user's cache directory.</summary>
    /// <param name="asked">The caller's wish, or null.</param>
    /// <param name="hosts">What each host's <c>download_cache_dir</c> resolves to, where the inventory sets it.</param>
    /// <exception cref="KubeCacheException">The hosts name different directories (<see cref="ErrorKind.Input"/>).</exception>
    public static string Choose(string? asked, IEnumerable<(string Host, string? Directory)> hosts)
    {
        if (asked is not null)
        {
            return Path.GetFullPath(asked);
        }

        var named = hosts.Where(h => !string.IsNullOrEmpty(h.Directory)).GroupBy(h => h.Directory!).ToList();
        if (named.Count > 1)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("the hosts name different cache directories, and there is one cache on this machine")
            {
                Got = string.Join(", ", named.Select(g => $"{g.Key} ({g.First().Host})")),
                Expected = "one download_cache_dir",
                Hint = "set download_cache_dir in group_vars/all, or name the cache with --cache=DIR",
            });
        }

        return named.Count == 1 ? Path.GetFullPath(named[0].Key) : Path.Combine(UserCacheDirectory(), "kubecache");
    }

    private static string UserCacheDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        // XDG Base Directory Specification: a relative path there is to be ignored.
        return OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } xdg && Path.IsPathRooted(xdg) ? xdg
            : Path.Combine(home, ".cache");
    }
}
