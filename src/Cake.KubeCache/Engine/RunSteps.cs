using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine;

/// <summary>The two things a run does; the engine wires them to the sources and to the node sessions.</summary>
internal sealed record RunSteps
{
    /// <summary>Brings one content into the store. Null: this verb does not fetch.</summary>
    public Func<PlannedArtifact, ITransferProgress, CancellationToken, Task<FetchStep>>? Fetch { get; init; }

    /// <summary>Bytes of one artifact as far as they are known before it is fetched, so that the large start first.</summary>
    public Func<Artifact, long?> SizeOf { get; init; } = _ => null;

    /// <summary>Brings one artifact onto one node. Null: this verb does not push.</summary>
    public Func<PlannedNode, Artifact, StoredArtifact, ITransferProgress, CancellationToken, Task<DeliveryStep>>? Deliver { get; init; }

    /// <summary>Has one node download one artifact for itself; null as a result when it turned out to have it. Null: this verb does not push.</summary>
    public Func<PlannedNode, PlannedDelivery, ITransferProgress, CancellationToken, Task<DeliveryStep?>>? Download { get; init; }

    /// <summary>Removes from one node something that nothing wants there. Null: that was not asked for.</summary>
    public Func<PlannedNode, NodeExtra, CancellationToken, Task>? Remove { get; init; }

    /// <summary>Called with a node's name before the first change to it.</summary>
    public Func<string, Task>? BeforeNode { get; init; }

    /// <summary>Called with a node's name once all changes to it are made.</summary>
    public Func<string, Task>? AfterNode { get; init; }
}

/// <summary>What a fetch did.</summary>
/// <param name="Stored">The verified content.</param>
/// <param name="BytesReceived">Bytes that came over the wire.</param>
/// <param name="Notes">What happened on the way.</param>
internal sealed record FetchStep(StoredArtifact Stored, long BytesReceived, IReadOnlyList<string> Notes);

/// <summary>What a delivery did.</summary>
/// <param name="BytesSent">Bytes that went over the wire.</param>
/// <param name="Changed">Whether the node was changed.</param>
/// <param name="Notes">What happened on the way.</param>
internal sealed record DeliveryStep(long BytesSent, bool Changed, IReadOnlyList<string> Notes)
{
    /// <summary>What the node downloaded for itself; null where it was sent what the store has.</summary>
    public StoredArtifact? Downloaded { get; init; }

    /// <summary>Bytes that the node downloaded for it.</summary>
    public long BytesDownloaded { get; init; }
}
