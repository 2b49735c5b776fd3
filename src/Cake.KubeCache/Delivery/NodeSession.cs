using Cake.KubeCache.Delivery.Downloads;
using Cake.KubeCache.Delivery.Neighbours;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>
/// One node during one run: one connection, one probe, any number of deliveries. Files travel side by side, images one after another
/// (a runtime would unpack shared layers twice).
/// </summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private const int FilesAtOnce = 4;

    private readonly Node _node;
    private readonly ConnectSettings _settings;
    private readonly NodePaths _paths;
    private readonly IImageRuntime _runtime;
    private readonly SemaphoreSlim _images = new(1);
    private readonly SemaphoreSlim _files = new(FilesAtOnce);
    private readonly SemaphoreSlim _connecting = new(1);
    private INodeShell _shell;
    private NodeState? _state;
    private IReadOnlyCollection<string> _probed = [];

    private NodeSession(Node node, ConnectSettings settings, INodeShell shell)
    {
        (_node, _settings, _shell) = (node, settings, shell);
        _paths = new NodePaths(node);
        _runtime = ImageRuntimes.Of(node, _paths);
    }

    /// <summary>Whether images are kept from the kubelet's garbage collection (<c>kubecache_pin_images</c>).</summary>
    public bool PinImages { get; set; }

    /// <summary>Connects and logs in; nothing is run yet.</summary>
    /// <exception cref="KubeCacheException">
    /// The node does not answer (<see cref="ErrorKind.Reconnect"/>), or does not let us in, or its key is not trusted (<see cref="ErrorKind.GiveUp"/>).
    /// </exception>
    public static async Task<NodeSession> ConnectAsync(Node node, ConnectSettings settings, CancellationToken cancellationToken) =>
        new(node, settings, await NodeShells.ConnectAsync(node, settings, cancellationToken));

    /// <summary>Learns everything about the node by one command.</summary>
    /// <param name="paths">Paths on the node that are planned to be written; those without a valid receipt are hashed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="KubeCacheException">The script failed, root could not be got, or the connection broke.</exception>
    public async Task<NodeFacts> ProbeAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        _probed = paths;
        _state = await WithConnectionAsync(shell => new NodeProbe(_paths, _runtime, _node.Name).RunAsync(shell, paths, cancellationToken), cancellationToken);
        return FactsOf.State(_node.Name, _state);
    }

    /// <summary>Brings one artifact to the node where the node lacks it, and verifies it there.</summary>
    /// <exception cref="KubeCacheException">It could not be brought; the node has the old state or the new one, nothing between.</exception>
    public async Task<DeliveryOutcome> DeliverAsync(Artifact artifact, StoredArtifact stored, IBlobSource blobs, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var gate = artifact is ImageArtifact ? _images : _files;
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (_state is null)
            {
                await ProbeAsync([], cancellationToken);
            }

            return artifact switch
            {
                ImageArtifact image => await DeliverImageAsync(new ImagePush(_node.Name, image, stored, blobs, progress) { Pin = PinImages }, cancellationToken),
                FileArtifact file => await DeliverFileAsync(new FilePush(_node.Name, file, stored, blobs, progress), cancellationToken),
                _ => throw new KubeCacheException(ErrorKind.Input, new Fault($"{artifact.Name} is neither a file nor an image")),
            };
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Bytes of this content where the node has it as a file already, wherever; else null.</summary>
    public long? SizeOf(Digest digest) => _state?.Files.Values.FirstOrDefault(f => f.Digest == digest)?.Size;

    /// <summary>Puts a file in its place whose content came into the spool.</summary>
    /// <exception cref="KubeCacheException">As for <see cref="DeliverAsync"/>.</exception>
    public Task<DeliveryOutcome> PlaceSpooledAsync(FileArtifact file, StoredArtifact stored, IBlobSource blobs, ITransferProgress progress, CancellationToken cancellationToken) =>
        DeliverFileAsync(new FilePush(_node.Name, file, stored, blobs, progress) { From = Spool.PathOf(_paths, Spool.NameOf(stored.Digest)) }, cancellationToken);

    /// <summary>Puts a file in its place that the node itself downloaded.</summary>
    /// <param name="file">What is wanted.</param>
    /// <param name="stored">What came.</param>
    /// <param name="name">Its name in the spool; null when the node has it under another path.</param>
    /// <param name="progress">Who watches.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DeliveryOutcome> PlaceAsync(FileArtifact file, StoredArtifact stored, string? name, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var push = new FilePush(_node.Name, file, stored, NoBlobs.Instance, progress) { OnNode = true, From = name is null ? null : Spool.PathOf(_paths, name) };
        return await DeliverFileAsync(push, cancellationToken);
    }

    /// <summary>Imports an image whose layers come to the node by another way than this connection, as far as its runtime lacks them.</summary>
    /// <param name="image">What is wanted.</param>
    /// <param name="stored">What it consists of.</param>
    /// <param name="blobs">Its manifest and config, and layers that are to be sent.</param>
    /// <param name="bring">Brings a layer into the spool, and says what it is called there; null where it is to be sent.</param>
    /// <param name="progress">Who watches.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DeliveryOutcome> ImportAsync(ImageArtifact image, StoredArtifact stored, IBlobSource blobs, Func<BlobDescriptor, CancellationToken, Task<string?>> bring, ITransferProgress progress, CancellationToken cancellationToken)
    {
        await _images.WaitAsync(cancellationToken);
        try
        {
            return await DeliverImageAsync(new ImagePush(_node.Name, image, stored, blobs, progress) { Pin = PinImages, Provide = ProvideAsync }, cancellationToken);
        }
        finally
        {
            _images.Release();
        }

        async Task<IReadOnlyDictionary<Digest, string>> ProvideAsync(IReadOnlyList<BlobDescriptor> layers, CancellationToken token)
        {
            var names = await Task.WhenAll(layers.Select(b => bring(b, token)));
            return layers.Zip(names).Where(p => p.Second is not null).ToDictionary(p => p.First.Digest, p => Spool.PathOf(_paths, p.Second!));
        }
    }

    /// <summary>How other nodes reach this one; null where they cannot.</summary>
    public PeerAddress? Peer => _shell.Peer;

    /// <summary>Lets the node take contents from its neighbours, and pass on what it has, until the lease is disposed of.</summary>
    /// <exception cref="KubeCacheException">It cannot.</exception>
    public Task<NeighbourLease> JoinNeighboursAsync(NeighbourKey key, CancellationToken cancellationToken) =>
        NeighbourLease.OpenAsync(_shell, _paths, key, cancellationToken);

    /// <summary>Has this node pass a content of its spool on to a neighbour.</summary>
    /// <exception cref="KubeCacheException">It did not arrive whole.</exception>
    public Task PassAsync(Digest digest, NeighbourLease from, NeighbourLease to, CancellationToken cancellationToken) =>
        NeighbourPass.SendAsync(RunOnceAsync, _paths, digest, from, to, cancellationToken);

    /// <summary>Takes what a neighbour passed on into the spool, if it is what it should be.</summary>
    /// <exception cref="KubeCacheException">It is not.</exception>
    public Task TakeAsync(Digest digest, NeighbourLease lease, CancellationToken cancellationToken) =>
        NeighbourPass.TakeAsync(RunOnceAsync, _paths, digest, lease, cancellationToken);

    /// <summary>Sends a content into the spool.</summary>
    /// <exception cref="KubeCacheException">It cannot be written there; or as the shell says.</exception>
    public Task<DeliveryOutcome> SpoolAsync(BlobDescriptor blob, IBlobSource blobs, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var file = new FileArtifact { Name = blob.Digest.Abbreviated, Url = "", Destination = Spool.PathOf(_paths, Spool.NameOf(blob.Digest)) };
        var stored = new StoredArtifact { ContentKey = file.ContentKey, Digest = blob.Digest, Size = blob.Size, Source = "", FetchedAt = DateTimeOffset.UtcNow };
        var push = new FilePush(_node.Name, file, stored, blobs, progress);
        return WithConnectionAsync(shell => new FileDelivery(_paths, IsLimited).SpoolAsync(push, _state!, shell, cancellationToken), cancellationToken);
    }

    /// <summary>Clients whose requests this node makes.</summary>
    public IHttpClients HttpClients(NodeRequestLimits limits) => new NodeHttpClients(RunOnceAsync, _paths, limits);

    /// <summary>Reads what the node downloaded, from an offset on.</summary>
    /// <exception cref="KubeCacheException">The connection broke (<see cref="ErrorKind.Retry"/>), or it is not there.</exception>
    public async Task ReadSpoolAsync(string name, long offset, ShellOutput output, CancellationToken cancellationToken)
    {
        var result = await RunOnceAsync(Spool.Read(_paths, name, offset, output), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of($"{_node.Name}: what was downloaded cannot be read", result);
        }
    }

    /// <summary>Removes what the node downloaded and has in its place by now.</summary>
    public async Task ClearSpoolAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count > 0)
        {
            await WithConnectionAsync(shell => Spool.RemoveAsync(_paths, names, shell, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Removes a file that an earlier run brought (<see cref="NodeFile.Delivered"/>), and what was unpacked from it.</summary>
    /// <exception cref="KubeCacheException">It is not ours, or was changed since, or cannot be removed (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task RemoveFileAsync(string path, CancellationToken cancellationToken)
    {
        var state = _state ?? await StateAsync(cancellationToken);
        await WithConnectionAsync(async shell =>
        {
            await new Removal(_paths, _node.Name).FileAsync(path, state, shell, cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>Removes an image that an earlier run brought (<see cref="NodeFacts.DeliveredImages"/>).</summary>
    /// <exception cref="KubeCacheException">There is no receipt for it, it is another image by now, or the runtime uses it (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        await _images.WaitAsync(cancellationToken);
        try
        {
            var state = _state ?? await StateAsync(cancellationToken);
            var image = state.Delivered.LastOrDefault(i => i.Reference == reference)
                ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{_node.Name}: the image {reference} is not removed") { Got = "no receipt says that a run brought it" });
            await WithConnectionAsync(async shell =>
            {
                await new Removal(_paths, _node.Name).ImageAsync(image, _runtime, state, shell);
                return true;
            }, cancellationToken);
        }
        finally
        {
            _images.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _images.Dispose();
        _files.Dispose();
        _connecting.Dispose();
    }

    private bool IsLimited => _settings.Limiter is not null && _node.Connection is SshConnection;

    private async Task<NodeState> StateAsync(CancellationToken cancellationToken)
    {
        await ProbeAsync([], cancellationToken);
        return _state!;
    }

    private async Task<DeliveryOutcome> DeliverImageAsync(ImagePush push, CancellationToken cancellationToken) =>
        _runtime.Has(push, _state!)
            ? DeliveryOutcome.Nothing
            : await WithConnectionAsync(shell => _runtime.DeliverAsync(push, _state!, shell, cancellationToken), cancellationToken);

    private async Task<DeliveryOutcome> DeliverFileAsync(FilePush push, CancellationToken cancellationToken) =>
        await WithConnectionAsync(shell => new FileDelivery(_paths, IsLimited).DeliverAsync(push, _state!, shell, cancellationToken), cancellationToken);

    /// <summary>
    /// Does a piece of work; when the connection breaks, connects and probes anew (what the node lacks may have changed) and does it
    /// again from its beginning.
    /// </summary>
    private async Task<T> WithConnectionAsync<T>(Func<INodeShell, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var shell = _shell;
            try
            {
                return await work(shell);
            }
            catch (KubeCacheException e) when (e.Kind == ErrorKind.Reconnect && attempt < _settings.Reconnects)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), cancellationToken);
                await ReconnectAsync(shell, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Runs a script whose output is passed on, and which therefore cannot simply be run again: when the connection breaks, a new one is made for
    /// the next attempt, which is the caller's.
    /// </summary>
    private async Task<ShellResult> RunOnceAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var shell = _shell;
        try
        {
            return await shell.RunAsync(command, cancellationToken);
        }
        catch (KubeCacheException e) when (e.Kind == ErrorKind.Reconnect)
        {
            await ReconnectAsync(shell, cancellationToken);
            throw new KubeCacheException(ErrorKind.Retry, e.Faults, e);
        }
    }

    private async Task ReconnectAsync(INodeShell broken, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_shell != broken)
            {
                return;
            }

            var fresh = await NodeShells.ConnectAsync(_node, _settings, cancellationToken);
            _shell = fresh;
            await broken.DisposeAsync();
            if (_state is not null)
            {
                _state = await new NodeProbe(_paths, _runtime, _node.Name).RunAsync(fresh, _probed, cancellationToken);
            }
        }
        finally
        {
            _connecting.Release();
        }
    }
}
