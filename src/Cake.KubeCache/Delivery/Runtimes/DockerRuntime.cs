using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>Docker, by <c>docker load</c>: the classic store, or containerd's.</summary>
internal sealed class DockerRuntime(NodePaths paths) : IImageRuntime
{
    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = ["probe-docker"];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) =>
        state.Images.TryGetValue(push.Reference, out var image) && image.Complete
        && (image.Digest == push.Content.Config.Digest || image.Digest == push.Stored.Digest);

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        if (push.Artifact.Reference.Tag is null)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{push.Node} cannot take the image {push.Reference}")
            {
                Got = "a reference by digest alone",
                Expected = "a tag: docker load names images by tag",
                Hint = "give the image a tag besides its digest (foo_image_tag)",
            });
        }

        // The loader takes a layer for present only when everything below it is: the stack that it has is a prefix.
        var prefix = push.Content.Layers.TakeWhile(l => state.Chains.Contains(l.ChainId.Hex)).Select(l => l.Blob.Digest);
        var present = prefix.Concat(push.Content.Layers.Select(l => l.Blob.Digest).Where(d => state.Blobs.Contains(d.Hex))).ToHashSet();
        // One blob may be a layer twice, below and above the prefix's end; above it the file is opened.
        present.ExceptWith(push.Content.Layers.SkipWhile(l => state.Chains.Contains(l.ChainId.Hex)).Select(l => l.Blob.Digest).Where(d => !state.Blobs.Contains(d.Hex)));
        var outcome = await new StreamedImport(paths, "import-docker", Variables).RunAsync(push, present, shell, cancellationToken);
        state.Images[push.Reference] = new NodeImage(push.Content.Config.Digest);
        state.Chains.UnionWith(push.Content.Layers.Select(l => l.ChainId.Hex));
        return outcome;
    }
}
