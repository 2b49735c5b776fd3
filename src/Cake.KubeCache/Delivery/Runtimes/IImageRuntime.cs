using Cake.KubeCache.Delivery.Downloads;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>Brings images into one kind of container runtime.</summary>
internal interface IImageRuntime
{
    /// <summary>What the scripts call it.</summary>
    string Kind { get; }

    /// <summary>Names of the script files that the probe runs for this runtime.</summary>
    IReadOnlyList<string> ProbeParts { get; }

    /// <summary>Variables of this runtime's scripts.</summary>
    IReadOnlyList<(string Name, string Value)> Variables { get; }

    /// <summary>Completes a state from the probe's lines that only this runtime prints.</summary>
    void Interpret(NodeState state, IReadOnlyList<string[]> lines);

    /// <summary>Whether the node has the image, usable.</summary>
    bool Has(ImagePush push, NodeState state);

    /// <summary>Brings an image that the node lacks, verifies it there, and updates the state. One at a time on a node.</summary>
    /// <exception cref="KubeCacheException">The runtime refused it, also whole (<see cref="ErrorKind.GiveUp"/>), or as the shell says.</exception>
    Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken);
}

/// <summary>An image on its way to a node.</summary>
/// <param name="Node">The node's inventory name.</param>
/// <param name="Artifact">What is wanted.</param>
/// <param name="Stored">What the store has.</param>
/// <param name="Blobs">Where its bytes are.</param>
/// <param name="Progress">Who watches.</param>
internal sealed record ImagePush(string Node, ImageArtifact Artifact, StoredArtifact Stored, IBlobSource Blobs, ITransferProgress Progress)
{
    /// <summary>The image's parts.</summary>
    public ImageContent Content => Stored.Image ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the store's entry of {Artifact.Title} is not an image's"));

    /// <summary>What the runtime is to list it under.</summary>
    public string Reference => Artifact.Reference.Familiar;

    /// <summary>Whether it is kept from the kubelet's garbage collection.</summary>
    public bool Pin { get; init; }

    /// <summary>Who has layers brought to the node by another way than this connection; null where they are sent.</summary>
    public BlobProvider? Provide { get; init; }

    /// <summary>Where on the node the layers are that are not sent: none, unless somebody provides them.</summary>
    /// <param name="omitted">Blobs that the node's runtime has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyDictionary<Digest, string>> ProvidedAsync(IReadOnlySet<Digest> omitted, CancellationToken cancellationToken)
    {
        var needed = Content.Layers.Select(l => l.Blob).DistinctBy(b => b.Digest).Where(b => !omitted.Contains(b.Digest)).ToList();
        return Provide is null || needed.Count == 0 ? new Dictionary<Digest, string>() : await Provide(needed, cancellationToken);
    }
}
