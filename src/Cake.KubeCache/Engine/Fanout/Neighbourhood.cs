using System.Collections.Concurrent;
using Cake.KubeCache.Delivery;
using Cake.KubeCache.Delivery.Neighbours;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine.Fanout;

/// <summary>
/// The nodes of a run that pass on what they have (<c>kubecache_fanout</c>): each content is sent from here about once, to the node that wants it first.
/// A node that cannot be a member, and a content that no neighbour could pass on, are served from here as without it.
/// </summary>
internal sealed class Neighbourhood : IAsyncDisposable
{
    /// <summary>Below that a connection between two nodes takes longer than to send it.</summary>
    private const long SmallestContent = 128 << 10;

    private readonly NodePool _pool;
    private readonly IBlobSource _blobs;
    private readonly Swarm _swarm;
    private readonly NeighbourKey _key = NeighbourKey.Create();
    private readonly HashSet<string> _nodes;
    private readonly ConcurrentDictionary<string, Lazy<Task<Member>>> _members = new(StringComparer.Ordinal);

    private Neighbourhood(NodePool pool, IBlobSource blobs, IReadOnlyList<PlannedNode> nodes)
    {
        (_pool, _blobs) = (pool, blobs);
        _nodes = nodes.Select(n => n.Node.Name).ToHashSet(StringComparer.Ordinal);
        _swarm = new Swarm(nodes.Count == 0 ? 1 : nodes.Min(n => n.Settings.Fanout));
    }

    /// <summary>The nodes of a plan that are to pass on, unless it is one alone.</summary>
    public static Neighbourhood Of(Plan plan, NodePool pool, IBlobSource blobs)
    {
        var nodes = plan.Nodes.Where(n => n is { Settings.Fanout: > 0, Node.Connection: SshConnection, Unreachable: null } && n.Deliveries.Any(d => d.State != DeliveryState.UpToDate)).ToList();
        return new Neighbourhood(pool, blobs, nodes.Count > 1 ? nodes : []);
    }

    /// <summary>Whether a node belongs to it.</summary>
    public bool Includes(string node) => _nodes.Contains(node);

    /// <summary>Brings one artifact to a node that belongs to it.</summary>
    /// <exception cref="KubeCacheException">As for <see cref="NodeSession.DeliverAsync"/>.</exception>
    public async Task<DeliveryOutcome> DeliverAsync(PlannedNode node, Artifact artifact, StoredArtifact stored, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var session = _pool[node.Node.Name];
        if (artifact is FileArtifact && (stored.Size < SmallestContent || session.SizeOf(stored.Digest) is not null))
        {
            return await session.DeliverAsync(artifact, stored, _blobs, progress, cancellationToken);
        }

        var member = await _members.GetOrAdd(node.Node.Name, _ => new Lazy<Task<Member>>(() => JoinAsync(node, session, cancellationToken))).Value;
        if (member.Lease is not { } lease)
        {
            var sent = await session.DeliverAsync(artifact, stored, _blobs, progress, cancellationToken);
            return sent with { Notes = [.. sent.Notes, $"sent from here: {member.Complaint}"] };
        }

        var brought = new Brought();
        DeliveryOutcome outcome;
        switch (artifact)
        {
            case FileArtifact file:
                await BringAsync(member, lease, new BlobDescriptor("", stored.Digest, stored.Size), brought, progress, cancellationToken);
                outcome = await session.PlaceSpooledAsync(file, stored, _blobs, progress, cancellationToken);
                break;
            case ImageArtifact image:
                outcome = await session.ImportAsync(image, stored, _blobs, LayerAsync, progress, cancellationToken);
                break;
            default:
                throw new ArgumentException($"artifacts of type {artifact.GetType().Name} are not known", nameof(artifact));
        }

        return new DeliveryOutcome(outcome.BytesSent + brought.Sent, outcome.Changed, [.. outcome.Notes, .. brought.Notes]);

        async Task<string?> LayerAsync(BlobDescriptor layer, CancellationToken token)
        {
            if (layer.Size < SmallestContent)
            {
                return null;
            }

            await BringAsync(member, lease, layer, brought, progress, token);
            return layer.Digest.Hex;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What no member waits for any more may be cleared; each member on its own, a dead one does not hold up the others.
        var members = _members.Values.Where(m => m.IsValueCreated && m.Value.IsCompletedSuccessfully).Select(m => m.Value.Result);
        await Task.WhenAll(members.Select(LeaveAsync));
    }

    private async Task<Member> JoinAsync(PlannedNode node, NodeSession session, CancellationToken cancellationToken)
    {
        try
        {
            return new Member(node, session) { Lease = await session.JoinNeighboursAsync(_key, cancellationToken) };
        }
        catch (Exception e) when (e is KubeCacheException or TimeoutException)
        {
            return new Member(node, session) { Complaint = $"{node.Node.Name} takes nothing from its neighbours ({e.Message})" };
        }
    }

    private static async Task LeaveAsync(Member member)
    {
        try
        {
            if (!member.Node.Settings.KeepRemoteCache)
            {
                await member.Session.ClearSpoolAsync([.. member.Contents.Keys.Select(d => d.Hex)], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
            }
        }
        catch (Exception e) when (e is KubeCacheException or TimeoutException)
        {
            // The node does not answer any more; what is left in its spool goes after a week.
            System.Diagnostics.Trace.WriteLine($"{member.Node.Node.Name}: {e.Message}");
        }

        if (member.Lease is { } lease)
        {
            await lease.DisposeAsync();
        }
    }

    /// <summary>Brings a content into a member's spool, once.</summary>
    private async Task BringAsync(Member member, NeighbourLease lease, BlobDescriptor blob, Brought brought, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var mine = new Lazy<Task>(() => FetchAsync(member, lease, blob, brought, progress, cancellationToken));
        var bringing = member.Contents.GetOrAdd(blob.Digest, mine);
        try
        {
            await bringing.Value;
        }
        catch when (bringing == mine)
        {
            member.Contents.TryRemove(blob.Digest, out _);
            throw;
        }
    }

    private async Task FetchAsync(Member member, NeighbourLease lease, BlobDescriptor blob, Brought brought, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var name = member.Node.Node.Name;
        while (true)
        {
            var turn = await _swarm.NextAsync(blob.Digest, name, cancellationToken);
            var arrived = false;
            try
            {
                if (turn.From is null)
                {
                    brought.Add((await member.Session.SpoolAsync(blob, _blobs, progress, cancellationToken)).BytesSent);
                    arrived = true;
                    return;
                }

                arrived = await PassAsync(turn.From, member, lease, blob, brought, cancellationToken);
                if (arrived)
                {
                    return;
                }
            }
            finally
            {
                turn.End(arrived, lease is { IsOpen: true, Agent.Length: > 0 });
            }
        }
    }

    private async Task<bool> PassAsync(string from, Member to, NeighbourLease lease, BlobDescriptor blob, Brought brought, CancellationToken cancellationToken)
    {
        var holder = await _members[from].Value;
        try
        {
            await holder.Session.PassAsync(blob.Digest, holder.Lease!, lease, cancellationToken);
            await to.Session.TakeAsync(blob.Digest, lease, cancellationToken);
            brought.Say($"{Units.Bytes(blob.Size)} passed on by {from}");
            return true;
        }
        catch (KubeCacheException e)
        {
            brought.Say($"not passed on by {from}: {e.Faults[0].Got ?? e.Message}");
            return false;
        }
    }

    /// <summary>What was done for one artifact.</summary>
    private sealed class Brought
    {
        private readonly ConcurrentQueue<string> _notes = [];
        private long _sent;

        public long Sent => Volatile.Read(ref _sent);

        public IEnumerable<string> Notes => _notes;

        public void Add(long bytes) => Interlocked.Add(ref _sent, bytes);

        public void Say(string note) => _notes.Enqueue(note);
    }

    private sealed record Member(PlannedNode Node, NodeSession Session)
    {
        public NeighbourLease? Lease { get; init; }

        public string Complaint { get; init; } = "";

        public ConcurrentDictionary<Digest, Lazy<Task>> Contents { get; } = [];
    }
}
