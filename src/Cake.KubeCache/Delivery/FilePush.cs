using System.Buffers;
using System.IO.Compression;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>A file on its way to a node.</summary>
/// <param name="Node">The node's inventory name.</param>
/// <param name="Artifact">What is wanted.</param>
/// <param name="Stored">What the store has.</param>
/// <param name="Blobs">Where its bytes are.</param>
/// <param name="Progress">Who watches.</param>
internal sealed record FilePush(string Node, FileArtifact Artifact, StoredArtifact Stored, IBlobSource Blobs, ITransferProgress Progress)
{
    private const int BufferSize = 1 << 18;

    /// <summary>Whether the content is on the node alone, and not in the store.</summary>
    public bool OnNode { get; init; }

    /// <summary>A file on the machine that has this content, brought there by another way than this connection; or null.</summary>
    public string? From { get; init; }

    /// <summary>Whether the node forgets about it: it goes into the spool, and not to where somebody wants it.</summary>
    public bool Passing { get; init; }

    /// <summary>Whether the content is compressed (gzip) on its way.</summary>
    public bool Compressed { get; init; }

    /// <summary>Writes a part of the content, and tells who watches.</summary>
    /// <returns>Bytes that were written.</returns>
    /// <exception cref="KubeCacheException">The content is not in the store, or is shorter than it should be.</exception>
    public async Task<long> CopyAsync(Stream target, FilePart part, CancellationToken cancellationToken)
    {
        var sent = 0L;
        await using var counted = new ObservedStream(target, bytes => sent += bytes);
        if (!Compressed)
        {
            await WriteAsync(counted, part, cancellationToken);
            return sent;
        }

        await using (var compressed = new GZipStream(counted, Compression.Level, leaveOpen: true))
        {
            await WriteAsync(compressed, part, cancellationToken);
        }

        return sent;
    }

    private async Task WriteAsync(Stream target, FilePart part, CancellationToken cancellationToken)
    {
        await using var content = Blobs.OpenRead(Stored.Digest);
        content.Seek(part.Offset, SeekOrigin.Begin);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var left = part.Length; left > 0;)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
                if (read == 0)
                {
                    throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the store's blob {Stored.Digest} is shorter than {Stored.Size} bytes") { Hint = "run the target Verify" });
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                Progress.Advance(read);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>A part of a file.</summary>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record FilePart(long Offset, long Length);
