using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>Which of the registries that the inventory names counts for an image.</summary>
internal static class RegistryPrefix
{
    private const string AnySubdomain = "*.";

    /// <summary>The entry whose prefix matches and is longest, as containers-registries.conf(5) chooses; null where none does.</summary>
    public static RegistrySettings? Nearest(IEnumerable<RegistrySettings> registries, ImageReference reference) =>
        registries.Where(r => Length(r.Registry, reference) is not null).OrderByDescending(r => r.Registry.Length).ThenBy(r => IsWildcard(r.Registry)).FirstOrDefault();

    /// <summary>What is left of an image's name behind the prefix: its repository there.</summary>
    public static string Rest(string prefix, ImageReference reference) => reference.Name[(Length(prefix, reference) ?? reference.Registry.Length)..].TrimStart('/');

    /// <summary>Whether it stands for all subdomains, however deep.</summary>
    public static bool IsWildcard(string prefix) => prefix.StartsWith(AnySubdomain, StringComparison.Ordinal);

    /// <summary>Characters of the image's name that the prefix stands for; null where it does not match.</summary>
    private static int? Length(string prefix, ImageReference reference)
    {
        if (IsWildcard(prefix))
        {
            // A wildcard names no port and matches any.
            var host = reference.Registry.Split(':')[0];
            return host.EndsWith(prefix[1..], StringComparison.OrdinalIgnoreCase) ? reference.Registry.Length : null;
        }

        return reference.Name == prefix || reference.Name.StartsWith(prefix + "/", StringComparison.Ordinal) ? prefix.Length : null;
    }
}
