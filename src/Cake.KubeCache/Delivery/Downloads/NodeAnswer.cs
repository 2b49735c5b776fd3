using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>The answer to a request that a node made, while it is being printed. Disposing it early ends the script.</summary>
internal sealed class NodeAnswer(PipeReader reader, Task running, CancellationTokenSource stop) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads up to an empty line.</summary>
    /// <exception cref="HttpRequestException">There is none, or the request failed before it was answered.</exception>
    public async Task<string> ReadHeadAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var found = End(read.Buffer);
            if (found is { } end)
            {
                var head = Encoding.Latin1.GetString(read.Buffer.Slice(0, end));
                reader.AdvanceTo(read.Buffer.GetPosition(end));
                return head;
            }

            if (read.IsCompleted || read.Buffer.Length > limit)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "the node printed no answer");
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await ReadPieceAsync(cancellationToken);
        var piece = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
        var length = (int)piece.Length;
        piece.CopyTo(buffer.Span);
        // From here on the piece's memory is the pipe's again, its length included.
        reader.AdvanceTo(piece.End);
        return length;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The end of the script is not waited for here; it is told to end, and its output goes nowhere.
            _ = EndAsync();
        }

        base.Dispose(disposing);
    }

    private static long? End(ReadOnlySequence<byte> buffer)
    {
        var head = new SequenceReader<byte>(buffer);
        return head.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8) ? head.Consumed : null;
    }

    /// <summary>What breaks a connection to a server in the middle of a body is an I/O error there; so it is here.</summary>
    private async Task<ReadResult> ReadPieceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private async Task EndAsync()
    {
        if (!running.IsCompleted)
        {
            await stop.CancelAsync();
        }

        await reader.CompleteAsync();
        await running;
        stop.Dispose();
    }
}
