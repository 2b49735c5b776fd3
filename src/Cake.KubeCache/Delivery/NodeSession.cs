using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _images.Dispose();
        _files.Dispose();
        _connecting.Dispose();
    }

    private async Task<DeliveryOutcome> DeliverImageAsync(ImagePush push, CancellationToken cancellationToken) =>
        _runtime.Has(push, _state!)
            ? DeliveryOutcome.Nothing
            : await WithConnectionAsync(shell => _runtime.DeliverAsync(push, _state!, shell, cancellationToken), cancellationToken);

    private async Task<DeliveryOutcome> DeliverFileAsync(FilePush push, CancellationToken cancellationToken) =>
        await WithConnectionAsync(shell => new FileDelivery(_paths).DeliverAsync(push, _state!, shell, cancellationToken), cancellationToken);

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
