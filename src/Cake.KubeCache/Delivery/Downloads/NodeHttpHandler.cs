using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>
/// Sends requests by way of a node: a script there makes them and prints the answer, whose body is passed on as it comes. Redirects are
/// not followed: <see cref="HttpExchange"/> does that, and keeps credentials from other hosts.
/// </summary>
/// <param name="run">Runs a script on the node.</param>
/// <param name="paths">The node's paths.</param>
/// <param name="how">How the node is to make the request.</param>
internal sealed class NodeHttpHandler(Func<ShellCommand, CancellationToken, Task<ShellResult>> run, NodePaths paths, NodeRequest how) : HttpMessageHandler
{
    private const int LongestHead = 64 << 10;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var text = how.Text(request, body);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
        var command = new ShellCommand(NodeScript.Of(paths, Variables(request), "http"))
        {
            Input = async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token),
            Output = async (piece, token) => await pipe.Writer.WriteAsync(piece, token),
        };
        var running = RunAsync(command, pipe.Writer, stop.Token);
        var answer = new NodeAnswer(pipe.Reader, running, stop);
        try
        {
            return await ReadHeadAsync(request, answer, cancellationToken);
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(ShellCommand command, PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var result = await run(command, cancellationToken);
            failure = result.ExitCode == 0 ? null : Failure(result);
        }
#pragma warning disable CA1031 // Whoever reads the answer gets it, whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        await writer.CompleteAsync(failure);
    }

    private IEnumerable<(string Name, string Value)> Variables(HttpRequestMessage request)
    {
        var spool = request.Headers.TryGetValues(SpoolHeader.Name, out var values) ? values.First().Split(' ') : ["", "-"];
        var expected = Digest.TryParse(spool[1], out var digest) ? digest : (Digest?)null;
        var authorities = how.Tls.Verify ? how.Tls.AuthorityFiles.Split(TlsProfile.Separator, StringSplitOptions.RemoveEmptyEntries) : [];
        return
        [
            ("kc_save", spool[0]),
            ("kc_expected", expected?.Hex ?? ""),
            ("kc_alg", expected?.Algorithm ?? "sha256"),
            // An authority's file may be one on this machine, or (https_proxy_cert_file) one that is on the nodes.
            ("kc_ca", string.Join('\n', authorities.Where(File.Exists).Select(File.ReadAllText))),
            ("kc_cafile", authorities.FirstOrDefault(f => !File.Exists(f)) ?? ""),
        ];
    }

    /// <summary>The tool's own words and exit code, as the exception that this machine's own client would throw.</summary>
    private static Exception Failure(ShellResult result)
    {
        if (result.ExitCode != ScriptFailure.NotDownloaded)
        {
            return ScriptFailure.Of("the node could not make the request", result);
        }

        var said = result.LastErrorLine ?? "the request failed";
        return said switch
        {
            _ when said.StartsWith("curl: (60)", StringComparison.Ordinal) || said.StartsWith("curl: (51)", StringComparison.Ordinal) || said.StartsWith("wget: (5)", StringComparison.Ordinal) =>
                new HttpRequestException(HttpRequestError.SecureConnectionError, said, new AuthenticationException(said)),
            _ when said.StartsWith("curl: (6)", StringComparison.Ordinal) => new HttpRequestException(HttpRequestError.NameResolutionError, said),
            _ => new HttpRequestException(HttpRequestError.ConnectionError, said),
        };
    }

    private static async Task<HttpResponseMessage> ReadHeadAsync(HttpRequestMessage request, NodeAnswer answer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var head = await answer.ReadHeadAsync(LongestHead, cancellationToken);
            var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length == 0 || lines[0].Split(' ', 3) is not [_, var status, ..] || !int.TryParse(status, out var code))
            {
                throw new HttpRequestException(HttpRequestError.InvalidResponse, "the answer that the node printed is none");
            }

            // "100 Continue" and its like come before the answer.
            if (code >= 200)
            {
                return Response(request, answer, code, lines);
            }
        }
    }

    private static HttpResponseMessage Response(HttpRequestMessage request, NodeAnswer answer, int code, string[] lines)
    {
        var response = new HttpResponseMessage((HttpStatusCode)code)
        {
            RequestMessage = request,
            ReasonPhrase = lines[0].Split(' ', 3) is [_, _, var reason] ? reason.Trim() : null,
            Content = new StreamContent(answer, 1 << 16),
        };
        foreach (var line in lines.Skip(1))
        {
            if (line.Split(':', 2) is [var name, var value] && !response.Headers.TryAddWithoutValidation(name.Trim(), value.Trim()))
            {
                response.Content.Headers.TryAddWithoutValidation(name.Trim(), value.Trim());
            }
        }

        // The one line that stands for a spooled body has another length than the body.
        if (request.Headers.Contains(SpoolHeader.Name) && response.IsSuccessStatusCode)
        {
            response.Content.Headers.ContentLength = null;
        }

        return response;
    }
}
