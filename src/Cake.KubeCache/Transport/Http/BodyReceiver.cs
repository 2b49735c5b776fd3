using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>
/// Receives one body into a sink, going on where an earlier connection broke off (RFC 9110, 14: range requests; 13.1.5: If-Range).
/// One call is one attempt; hashing is the sink's business.
/// </summary>
/// <param name="stallTimeout">How long a server may send next to nothing.</param>
/// <param name="limiter">The shared bandwidth limit, or null.</param>
internal sealed class BodyReceiver(TimeSpan stallTimeout, RateLimiter? limiter)
{
    /// <summary>Large enough that system calls do not matter, small enough for eight at once.</summary>
    private const int BufferSize = 256 * 1024;

    /// <summary>An attempt that brought this much more than any before goes on at once and does not count as a failure.</summary>
    private const long WorthGoingOn = 1024 * 1024;

    /// <summary>Receives until the body is complete.</summary>
    /// <returns>Who sent it.</returns>
    /// <exception cref="KubeCacheException">Broken connection, stall, truncated body, server error (<see cref="ErrorKind.Retry"/>); refusal, wrong length (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task<BodyReceipt> ReceiveAsync(BodyRequest request, IDownloadSink sink, ITransferProgress progress, CancellationToken cancellationToken)
    {
        for (var furthest = sink.Length; ; furthest = sink.Length)
        {
            try
            {
                return await AttemptAsync(request, sink, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (KubeCacheException e) when (e.Kind == ErrorKind.Retry && e.RetryAfter is null && sink.Length - furthest >= WorthGoingOn)
            {
                progress.Say($"{e.Faults[0].What} after {sink.Length} bytes ({e.Faults[0].Got}); going on from there");
            }
        }
    }

    private async Task<BodyReceipt> AttemptAsync(BodyRequest request, IDownloadSink sink, ITransferProgress progress, CancellationToken cancellationToken)
    {
        await using var watch = new StallWatch(request.AnswerTimeout ?? stallTimeout, cancellationToken);
        var url = request.Url;
        try
        {
            if (sink.Length > (request.Size ?? long.MaxValue))
            {
                sink.Restart();
            }

            using var reply = await OpenAsync(request, sink, watch.Token).ConfigureAwait(false);
            url = reply.Url;
            await CopyAsync(request, reply, sink, progress, watch).ConfigureAwait(false);
            return new BodyReceipt(reply.Url);
        }
        catch (OperationCanceledException) when (watch.Stalled)
        {
            throw HttpFaults.Stalled(url, request.What, request.AnswerTimeout ?? stallTimeout);
        }
    }

    /// <summary>Asks for the missing part; when the server will not resume, for the whole.</summary>
    private static async Task<HttpReply> OpenAsync(BodyRequest request, IDownloadSink sink, CancellationToken cancellationToken)
    {
        var validator = sink.ValidatorFor(UrlText.Of(request.Url));
        if (sink.Length > 0 && !request.ContentIsKnown && validator is null)
        {
            sink.Restart();
        }

        var offset = sink.Length;
        if (offset == 0)
        {
            return Accept(request, await request.Open(null, cancellationToken).ConfigureAwait(false));
        }

        var reply = await request.Open(headers => Resume(headers, offset, validator), cancellationToken).ConfigureAwait(false);
        if (reply.Response.StatusCode == HttpStatusCode.PartialContent && reply.Response.Content.Headers.ContentRange?.From == offset)
        {
            return reply;
        }

        sink.Restart();
        if (reply.Response.StatusCode == HttpStatusCode.OK)
        {
            return reply;
        }

        var unusable = reply.Response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent;
        using (unusable ? reply : null)
        {
            return Accept(request, unusable ? await request.Open(null, cancellationToken).ConfigureAwait(false) : reply);
        }
    }

    private static void Resume(HttpRequestHeaders headers, long offset, string? validator)
    {
        headers.Range = new RangeHeaderValue(offset, null);
        if (validator is not null)
        {
            headers.TryAddWithoutValidation("If-Range", validator);
        }
    }

    private static HttpReply Accept(BodyRequest request, HttpReply reply)
    {
        if (reply.Response.StatusCode == HttpStatusCode.OK)
        {
            return reply;
        }

        using (reply)
        {
            throw HttpFaults.Of(reply.Response, reply.Url, request.What);
        }
    }

    private async Task CopyAsync(BodyRequest request, HttpReply reply, IDownloadSink sink, ITransferProgress progress, StallWatch watch)
    {
        var headers = reply.Response.Content.Headers;
        var total = headers.ContentRange is { } range ? range.Length : headers.ContentLength;
        if (request.Size is { } size && total is { } announced && announced != size)
        {
            throw WrongSize(request, reply.Url, announced, size);
        }

        var remaining = (total ?? request.Size) - sink.Length;
        sink.Begin(UrlText.Of(request.Url), Validator(reply.Response), remaining);
        progress.Expect(sink.Received + (remaining ?? 0));
        await using var body = await reply.Response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await ReadAsync(body, buffer.AsMemory(0, BufferSize), request, reply.Url, watch.Token).ConfigureAwait(false)) > 0)
            {
                watch.Note(read);
                if (sink.Length + read > (request.Size ?? long.MaxValue))
                {
                    var got = sink.Length + read;
                    sink.Restart();
                    throw WrongSize(request, reply.Url, got, request.Size!.Value);
                }

                sink.Append(buffer.AsSpan(0, read));
                progress.Advance(read);
                if (limiter is not null)
                {
                    watch.Pause(true);
                    await limiter.WaitAsync(read, watch.Token).ConfigureAwait(false);
                    watch.Pause(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if ((total ?? request.Size) is { } whole && sink.Length < whole)
        {
            throw new KubeCacheException(ErrorKind.Retry, new Fault($"{request.What} broke off")
            {
                Where = new SourcePosition(UrlText.Of(reply.Url)),
                Got = $"{sink.Length} bytes",
                Expected = $"{whole} bytes",
            });
        }
    }

    /// <summary>Apart from the writing, so that a full disk is never taken for a broken connection.</summary>
    private static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, BodyRequest request, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw HttpFaults.Of(e, url, request.What);
        }
    }

    /// <summary>A weak entity tag is no validator for ranges (RFC 9110, 13.1.5); the date is then used.</summary>
    private static string? Validator(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : response.Content.Headers.LastModified?.ToString("r");

    private static KubeCacheException WrongSize(BodyRequest request, Uri url, long got, long expected) => new(ErrorKind.GiveUp, new Fault($"{request.What} gave content of another size than its descriptor says")
    {
        Where = new SourcePosition(UrlText.Of(url)),
        Got = $"{got} bytes or more",
        Expected = $"{expected} bytes",
    });
}

/// <summary>What is to be received.</summary>
internal sealed record BodyRequest
{
    /// <summary>The URL as asked for, before redirects.</summary>
    public required Uri Url { get; init; }

    /// <summary>What is attempted, for messages.</summary>
    public required string What { get; init; }

    /// <summary>Sends the GET, with range headers when they are given, and credentials as needed.</summary>
    public required Func<Action<HttpRequestHeaders>?, CancellationToken, Task<HttpReply>> Open { get; init; }

    /// <summary>Whether the digest is known beforehand: then bytes of any server may be joined, for the hash covers the whole.</summary>
    public bool ContentIsKnown { get; init; }

    /// <summary>Bytes in all where a descriptor says so, else null.</summary>
    public long? Size { get; init; }

    /// <summary>How long the server may take where the item says so, else null.</summary>
    public TimeSpan? AnswerTimeout { get; init; }
}

/// <summary>What came.</summary>
/// <param name="Url">Who sent it, after redirects.</param>
internal sealed record BodyReceipt(Uri Url);
