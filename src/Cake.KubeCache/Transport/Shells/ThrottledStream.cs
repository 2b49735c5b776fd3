namespace Cake.KubeCache.Transport.Shells;

/// <summary>A stream for writing that holds its writer back to a bandwidth limit; it does not own what it wraps.</summary>
internal sealed class ThrottledStream(Stream inner, RateLimiter limiter) : Stream
{
    /// <summary>Small enough that a slow limit gives an even flow.</summary>
    private const int LargestPiece = 64 << 10;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        inner.Write(buffer, offset, count);
        // Only small things are written in this way (a tar's last blocks): they are booked, and the next piece waits for them.
        limiter.Book(count);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var at = 0; at < buffer.Length; at += LargestPiece)
        {
            var piece = buffer.Slice(at, Math.Min(LargestPiece, buffer.Length - at));
            await inner.WriteAsync(piece, cancellationToken);
            await limiter.WaitAsync(piece.Length, cancellationToken);
        }
    }
}
