using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Tests.Support;

/// <summary>A node that is a folder of this machine, with the directory runtime.</summary>
internal sealed class LocalNode : IDisposable
{
    public LocalNode() => Node = new Node
    {
        Name = "local",
        Connection = new LocalConnection(),
        Runtime = new ContainerRuntime.Directory("/var/lib/images"),
        ReleaseDirectory = "/opt/releases",
        Root = Root,
    };

    public string Root { get; } = Directory.CreateTempSubdirectory("kubecache-node-").FullName;

    public Node Node { get; }

    public string PathOf(string path) => Root + path;

    public Task<NodeSession> ConnectAsync() => NodeSession.ConnectAsync(Node, new ConnectSettings(), CancellationToken.None);

    /// <summary>Connects, probes, delivers and leaves: a run of its own.</summary>
    public async Task<DeliveryOutcome> RunAsync(TestBlobs blobs, Artifact artifact, StoredArtifact stored)
    {
        await using var session = await ConnectAsync();
        await session.ProbeAsync(artifact is FileArtifact { Destination: { } path } ? [path] : [], CancellationToken.None);
        return await session.DeliverAsync(artifact, stored, blobs, NoProgress.Instance, CancellationToken.None);
    }

    public async Task<NodeFacts> FactsAsync(params string[] paths)
    {
        await using var session = await ConnectAsync();
        return await session.ProbeAsync(paths, CancellationToken.None);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
