using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>Reads small bodies whole, such as manifests and tokens, and no more than is sane.</summary>
internal static class LimitedBody
{
    /// <summary>Reads the body.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="what">What is attempted, for messages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">Larger than the limit (<see cref="ErrorKind.GiveUp"/>) or broken off (<see cref="ErrorKind.Retry"/>).</exception>
    public static async Task<byte[]> ReadAsync(HttpReply reply, int limit, string what, CancellationToken cancellationToken)
    {
        if (reply.Response.Content.Headers.ContentLength > limit)
        {
            throw TooLarge(reply, what, reply.Response.Content.Headers.ContentLength.Value, limit);
        }

        try
        {
            await using var body = await reply.Response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var whole = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (whole.Length + read > limit)
                {
                    throw TooLarge(reply, what, whole.Length + read, limit);
                }

                whole.Write(buffer, 0, read);
            }

            return whole.ToArray();
        }
        catch (IOException e)
        {
            throw HttpFaults.Of(e, reply.Url, what);
        }
    }

    private static KubeCacheException TooLarge(HttpReply reply, string what, long got, int limit) => new(ErrorKind.GiveUp, new Fault($"{what} was given up: the answer is too large")
    {
        Where = new SourcePosition(UrlText.Of(reply.Url)),
        Got = $"{got} bytes or more",
        Expected = $"at most {limit} bytes",
    });
}
