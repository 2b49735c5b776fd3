using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>Asks for content that stays on the node which receives it, and judges what the node says about it.</summary>
internal static class SpoolAnswer
{
    private const int LongestLine = 1024;

    /// <summary>What content is called in a node's spool: its digest, or a hash of where it comes from.</summary>
    public static string NameOf(Digest? expected, string url) => expected is { } digest
        ? digest.Hex
        : "url-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)).AsSpan(0, 16));

    /// <summary>Sends the request and reads what became of it. Content that was joined from two answers and hashes wrong is asked for once more.</summary>
    /// <param name="spooling">What is to be kept.</param>
    /// <param name="open">Sends the request with these headers.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">Another content (<see cref="ErrorKind.GiveUp"/>); or as <see cref="HttpFaults"/> says.</exception>
    public static async Task<Spooled> ReadAsync(Spooling spooling, Func<Action<HttpRequestHeaders>, Task<HttpReply>> open, CancellationToken cancellationToken)
    {
        for (var again = false; ; again = true)
        {
            using var reply = await open(headers => headers.Add(SpoolHeader.Name, $"{spooling.Name} {spooling.Expected?.ToString() ?? "-"}")).ConfigureAwait(false);
            if (reply.Response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && !again)
            {
                continue;
            }

            if (reply.Response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            {
                throw HttpFaults.Of(reply.Response, reply.Url, spooling.What);
            }

            var line = Encoding.ASCII.GetString(await LimitedBody.ReadAsync(reply, LongestLine, spooling.What, cancellationToken).ConfigureAwait(false));
            var spooled = Spooled.Parse(line);
            if ((spooling.Expected is null || spooled.Value == spooling.Expected.Value.Hex) && (spooling.Size is null || spooling.Size == spooled.Size))
            {
                return spooled;
            }

            if (again || spooled.Before == 0)
            {
                throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{spooling.What} gave other content than was expected; nothing of it was kept")
                {
                    Where = new SourcePosition(UrlText.Of(reply.Url)),
                    Got = $"{spooling.Expected?.Algorithm ?? "sha256"}:{spooled.Value} ({spooled.Size} bytes)",
                    Expected = spooling.Size is { } size ? $"{spooling.Expected} ({size} bytes)" : spooling.Expected.ToString(),
                    Hint = "either the checksum is of another version, or somebody between here and there changed the content",
                });
            }
        }
    }
}

/// <summary>Content that a node is to receive and keep.</summary>
/// <param name="Name">Its name in the node's spool.</param>
/// <param name="Expected">What it must hash to; null when nobody knows.</param>
/// <param name="Size">Bytes, where a descriptor says so.</param>
/// <param name="What">What is attempted, for messages.</param>
internal sealed record Spooling(string Name, Digest? Expected, long? Size, string What);
