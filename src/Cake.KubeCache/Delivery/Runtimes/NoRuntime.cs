using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>A node that gets no images.</summary>
internal sealed class NoRuntime : IImageRuntime
{
    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) => false;

    /// <inheritdoc/>
    public Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken) =>
        throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{push.Node} has no container runtime for the image {push.Reference}")
        {
            Hint = "set container_manager for this node",
        });
}
