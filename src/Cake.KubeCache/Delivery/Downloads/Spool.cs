using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>The folder on a node where it keeps what it downloaded, verified, until it is in its place: beside the receipts.</summary>
internal static class Spool
{
    /// <summary>Where a content of this name lies on the machine.</summary>
    public static string PathOf(NodePaths paths, string name) => $"{paths.Physical(paths.ReleaseDirectory)}/.kubecache/spool/{name}";

    /// <summary>What a content of this digest is called.</summary>
    public static string NameOf(Digest digest) => digest.Hex;

    /// <summary>Removes contents that are in their places.</summary>
    public static Task<ShellResult> RemoveAsync(NodePaths paths, IEnumerable<string> names, INodeShell shell, CancellationToken cancellationToken) =>
        shell.RunAsync(new ShellCommand(NodeScript.Of(paths, [("kc_names", ShellQuote.Words(names.Select(n => PathOf(paths, n))))], "spool-remove")), cancellationToken);

    /// <summary>Prints a content from an offset on.</summary>
    public static ShellCommand Read(NodePaths paths, string name, long offset, ShellOutput output) =>
        new(NodeScript.Of(paths, [("kc_from", PathOf(paths, name)), ("kc_offset", (offset + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))], "spool-read")) { Output = output };
}

/// <summary>Blobs of an image that are on the node already, outside its runtime: asked for them, the provider has the node download what it lacks.</summary>
/// <param name="blobs">Blobs that the import needs.</param>
/// <param name="cancellationToken">Ends it.</param>
/// <returns>Where on the machine each of them is.</returns>
internal delegate Task<IReadOnlyDictionary<Digest, string>> BlobProvider(IReadOnlyList<BlobDescriptor> blobs, CancellationToken cancellationToken);
