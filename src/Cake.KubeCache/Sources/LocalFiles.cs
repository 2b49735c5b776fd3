using System.Buffers;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>Files of this machine as a source.</summary>
internal static class LocalFiles
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Copies a file into the sink.</summary>
    /// <exception cref="KubeCacheException">It cannot be read (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<BodyReceipt> CopyAsync(string path, Wanted wanted, LandingSink sink, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        await CopyAsync(file, path, wanted, sink, cancellationToken).ConfigureAwait(false);
        return new BodyReceipt(new Uri(Path.GetFullPath(path)));
    }

    /// <summary>Copies a stream into the sink, from the start.</summary>
    /// <param name="content">What is copied.</param>
    /// <param name="source">Where it comes from, to be remembered.</param>
    /// <param name="wanted">What is to land.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task CopyAsync(Stream content, string source, Wanted wanted, LandingSink sink, CancellationToken cancellationToken)
    {
        sink.Restart();
        sink.Begin(source, null, content.CanSeek ? content.Length : null);
        wanted.Progress.Expect(sink.Received + (content.CanSeek ? content.Length : 0));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false)) > 0)
            {
                sink.Append(buffer.AsSpan(0, read));
                wanted.Progress.Advance(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a small file whole.</summary>
    public static async Task<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        if (file.Length > limit)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("a file is too large for what it is said to be") { Where = new SourcePosition(path), Got = $"{file.Length} bytes", Expected = $"at most {limit} bytes" });
        }

        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Opens a file for reading.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("a file of this machine cannot be read") { Where = new SourcePosition(path), Got = e.Message }, e);
        }
    }
}
