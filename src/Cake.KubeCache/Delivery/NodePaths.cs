using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery;

/// <summary>A node's paths: what the inventory calls them, and where they are when a folder stands for the node's root.</summary>
internal sealed class NodePaths(Node node)
{
    /// <summary>The folder that stands for <c>/</c>, without a slash at its end; empty for the real root.</summary>
    public string Root { get; } = node.Root is null ? "" : Path.GetFullPath(node.Root).TrimEnd('/');

    /// <summary><c>local_release_dir</c> as the inventory has it.</summary>
    public string ReleaseDirectory { get; } = node.ReleaseDirectory;

    /// <summary>The place on the machine of a path on the node.</summary>
    /// <exception cref="KubeCacheException">The path is relative, leads out of the root, or has characters that no script line can hold (<see cref="ErrorKind.Input"/>).</exception>
    public string Physical(string path)
    {
        if (!path.StartsWith('/') || path.AsSpan().IndexOfAny('\t', '\n', '\0') >= 0 || path.Split('/').Contains(".."))
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"{node.Name}: '{path}' cannot be a path on a node")
            {
                Expected = "an absolute path without '..', tabs and line ends",
            });
        }

        return Root + Tidy(path);
    }

    /// <summary>What the node calls a place on the machine.</summary>
    public string Logical(string physical) => Root.Length > 0 && physical.StartsWith(Root + "/", StringComparison.Ordinal) ? physical[Root.Length..] : physical;

    /// <summary>Name of the receipt about something: short, safe in any file system, without collisions.</summary>
    public static string ReceiptName(string about) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(about)).AsSpan(0, 16));

    private static string Tidy(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path.Length > 1 ? path.TrimEnd('/') : path;
    }
}
