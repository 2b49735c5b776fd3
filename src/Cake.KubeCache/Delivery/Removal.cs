using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>Removes what an earlier run brought to a node; never anything that was there before, or that somebody changed since.</summary>
internal sealed class Removal(NodePaths paths, string node)
{
    /// <summary>Removes a file, and what was unpacked from it.</summary>
    /// <param name="path">The file as the node calls it.</param>
    /// <param name="state">What is known about the node; it forgets the file.</param>
    /// <param name="shell">The node's shell.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="KubeCacheException">It is not ours to remove, or cannot be removed (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task FileAsync(string path, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        var physical = paths.Physical(path);
        await RunAsync($"{node}: {path} is not removed", [("kc_dest", physical), ("kc_name", NodePaths.ReceiptName(physical))], "remove-file", shell, cancellationToken);
        lock (state)
        {
            state.Files.Remove(path);
            state.Unpacked.Remove(path);
        }
    }

    /// <summary>Removes an image's name from the runtime; the runtime collects what nothing refers to any more.</summary>
    /// <param name="image">What the receipt says about it.</param>
    /// <param name="runtime">The node's runtime.</param>
    /// <param name="state">What is known about the node; it forgets the image.</param>
    /// <param name="shell">The node's shell.</param>
    /// <exception cref="KubeCacheException">It is not ours to remove, or is in use (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task ImageAsync(DeliveredImage image, IImageRuntime runtime, NodeState state, INodeShell shell)
    {
        await RunAsync($"{node}: the image {image.Reference} is not removed",
        [
            .. runtime.Variables,
            ("kc_runtime", runtime.Kind),
            ("kc_ref", image.Reference),
            ("kc_digest", image.Digest.ToString()),
            ("kc_config", image.Config.ToString()),
            ("kc_name", NodePaths.ReceiptName(image.Reference)),
        ], "remove-image", shell, CancellationToken.None);
        state.Images.Remove(image.Reference);
        state.Delivered.Remove(image);
        // What is left of its layers is for the runtime to collect, any time from now on.
        state.Blobs.Clear();
        state.Chains.Clear();
        state.ArchivedBlobs.Clear();
    }

    private async Task RunAsync(string what, IEnumerable<(string Name, string Value)> variables, string part, INodeShell shell, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, variables, part)), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of(what, result);
        }
    }
}
