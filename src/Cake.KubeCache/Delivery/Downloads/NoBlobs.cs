using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>The store of a node that downloads for itself: this machine has nothing to send to it.</summary>
internal sealed class NoBlobs : IBlobSource
{
    /// <summary>The one instance.</summary>
    public static NoBlobs Instance { get; } = new();

    /// <inheritdoc/>
    public Stream OpenRead(Digest digest) => throw new KubeCacheException(ErrorKind.Retry, new Fault($"{digest} is not on the node any more, where it was downloaded to, and not in the cache"));
}
