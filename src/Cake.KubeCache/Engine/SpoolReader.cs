using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Engine;

/// <summary>Reads what a node downloaded back into the store.</summary>
internal sealed class SpoolReader(NodeSession session, string name)
{
    private const int Reconnects = 3;

    /// <summary>Reads what the sink lacks. The sink is of one digest, so what an earlier attempt left is the beginning of the same content.</summary>
    public async Task<BodyReceipt> ReceiveAsync(LandingSink sink, CancellationToken cancellationToken)
    {
        var source = new Uri($"ssh://node/{name}");
        sink.Begin(source.ToString(), null, null);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await session.ReadSpoolAsync(name, sink.Length, TakeAsync, cancellationToken);
                return new BodyReceipt(source);
            }
            catch (KubeCacheException e) when (e.Kind == ErrorKind.Retry && attempt < Reconnects)
            {
                // The connection is a new one by now; what came over the old one stays.
            }
        }

        ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken token)
        {
            token.ThrowIfCancellationRequested();
            sink.Append(piece.Span);
            return ValueTask.CompletedTask;
        }
    }
}
