using System.Buffers;
using System.IO.Compression;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>
/// Decides whether a file is compressed on its way: where the way is the slow part (far, or under a bandwidth limit) and the content gives
/// way. Archives, which most large files are, do not; programs shrink to about half.
/// </summary>
internal static class Compression
{
    /// <summary>As quick as can be: a slow line is filled by little.</summary>
    public const CompressionLevel Level = CompressionLevel.Fastest;

    private const long Smallest = 1 << 20;
    private const int Sample = 128 << 10;

    /// <summary>What is left of a sample at most for the rest to be worth it.</summary>
    private const double Worth = 0.8;

    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(5);

    /// <summary>Whether to.</summary>
    /// <param name="push">The file.</param>
    /// <param name="shell">The way.</param>
    /// <param name="isLimited">Whether a bandwidth limit holds on it.</param>
    /// <param name="tools">What the node has.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<bool> HelpsAsync(FilePush push, INodeShell shell, bool isLimited, IReadOnlySet<string> tools, CancellationToken cancellationToken)
    {
        if (push.Stored.Size < Smallest || !tools.Contains("gzip") || !(isLimited || await shell.RoundTripAsync(cancellationToken) >= Far))
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Sample);
        try
        {
            await using var content = push.Blobs.OpenRead(push.Stored.Digest);
            await using var counted = new CountingStream();
            await using (var compressed = new GZipStream(counted, Level, leaveOpen: true))
            {
                // The beginning alone tells little: programs begin with tables.
                foreach (var offset in new[] { 0, (push.Stored.Size - Sample) / 2, push.Stored.Size - Sample })
                {
                    content.Seek(offset, SeekOrigin.Begin);
                    var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, Sample), Sample, throwOnEndOfStream: false, cancellationToken);
                    await compressed.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            return counted.Count < 3 * Sample * Worth;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Counts, and keeps nothing.</summary>
    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Count += count;
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
