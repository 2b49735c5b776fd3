using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>containerd, namespace <c>k8s.io</c>, by <c>ctr</c>.</summary>
internal sealed class ContainerdRuntime(NodePaths paths, string socket) : IImageRuntime
{
    /// <inheritdoc/>
    public string Kind => "containerd";

    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = ["probe-containerd"];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [("kc_socket", socket)];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) =>
        state.Images.TryGetValue(push.Reference, out var image) && image.Complete && image.Digest == push.Stored.Digest;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        // An unpacked layer is not unpacked again, so its blob is not asked for (kubelets may be told to discard it).
        var present = push.Content.Layers
            .Where(l => state.Blobs.Contains(l.Blob.Digest.Hex) || state.Chains.Contains(l.ChainId.Hex))
            .Select(l => l.Blob.Digest)
            .ToHashSet();
        var outcome = await new StreamedImport(paths, Variables, "import-containerd").RunAsync(push, present, shell, cancellationToken);
        state.Images[push.Reference] = new NodeImage(push.Stored.Digest);
        foreach (var layer in push.Content.Layers)
        {
            state.Blobs.Add(layer.Blob.Digest.Hex);
            state.Chains.Add(layer.ChainId.Hex);
        }

        return outcome;
    }
}
