using System.Net;
using System.Net.Http.Headers;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Registry;

namespace Cake.KubeCache.Sources;

/// <summary>Gets files and checksum lists from http, https and file URLs, with the item's credentials.</summary>
internal sealed class FileServer(FetchSession session)
{
    /// <summary>One attempt to receive a file from one URL; verified.</summary>
    public Task<BodyReceipt> ReceiveAsync(FileRequest request, LandingSink sink, CancellationToken cancellationToken)
    {
        var url = Parse(request.Url);
        return Landing.ReceiveAsync(request.Wanted, sink, () => url.IsFile
            ? LocalFiles.CopyAsync(url.LocalPath, request.Wanted, sink, cancellationToken)
            : DownloadAsync(request, url, sink, cancellationToken));
    }

    /// <summary>Reads something small whole, such as a checksum list.</summary>
    public async Task<byte[]> ReadAsync(FileArtifact file, string text, int limit, CancellationToken cancellationToken)
    {
        var url = Parse(text);
        if (url.IsFile)
        {
            return await LocalFiles.ReadAsync(url.LocalPath, limit, cancellationToken).ConfigureAwait(false);
        }

        var what = $"getting the checksum list of {file.Name}";
        using var place = await session.Shared.Questions.EnterAsync(url.Authority, null, cancellationToken).ConfigureAwait(false);
        return await Patience.WithinAsync(
            session.Shared.Settings.StallTimeout,
            new Asking(url, what),
            async token =>
            {
                using var reply = await OpenAsync(new Question(file, url, what), null, token).ConfigureAwait(false);
                return reply.Response.StatusCode == HttpStatusCode.OK
                    ? await LimitedBody.ReadAsync(reply, limit, what, token).ConfigureAwait(false)
                    : throw HttpFaults.Of(reply.Response, reply.Url, what);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One attempt to have a file received and kept by the node whose clients the session has; verified there.</summary>
    public async Task<Spooled> SpoolAsync(FileArtifact file, string text, Digest? expected, CancellationToken cancellationToken)
    {
        var url = Parse(text);
        var question = new Question(file, url, $"downloading {file.Title}");
        return await SpoolAnswer.ReadAsync(
            new Spooling(SpoolAnswer.NameOf(expected, file.Url), expected, null, question.What),
            headers => OpenAsync(question, headers, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    private static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "file"
            ? uri
            : throw new KubeCacheException(ErrorKind.Input, new Fault("a download URL cannot be used") { Got = url, Expected = "http://…, https://… or file:///…" });

    private async Task<BodyReceipt> DownloadAsync(FileRequest request, Uri url, LandingSink sink, CancellationToken cancellationToken)
    {
        var question = new Question(request.File, url, $"downloading {request.File.Title}");
        using var place = await session.Shared.Gate.EnterAsync(url.Authority, session.Shared.Sizes.Of(request.File)?.Bytes, cancellationToken).ConfigureAwait(false);
        var body = new BodyRequest
        {
            Url = url,
            What = question.What,
            Open = (headers, token) => OpenAsync(question, headers, token),
            ContentIsKnown = request.Wanted.Expected is not null,
            AnswerTimeout = request.File.Timeout,
        };
        return await session.Shared.Receiver.ReceiveAsync(body, sink, request.Wanted.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Credentials are sent when the server asks for them, or at once where the item says so or the URL carries them.</summary>
    private async Task<HttpReply> OpenAsync(Question question, Action<HttpRequestHeaders>? headers, CancellationToken cancellationToken)
    {
        var credentials = Credentials(question);
        var atOnce = question.File.ForceBasicAuthentication || question.Url.UserInfo.Length > 0;
        var reply = await SendAsync(question, headers, atOnce ? credentials : null, cancellationToken).ConfigureAwait(false);
        if (reply.Response.StatusCode != HttpStatusCode.Unauthorized || atOnce || credentials is null)
        {
            return reply;
        }

        reply.Dispose();
        return await SendAsync(question, headers, credentials, cancellationToken).ConfigureAwait(false);
    }

    private Task<HttpReply> SendAsync(Question question, Action<HttpRequestHeaders>? headers, AuthenticationHeaderValue? credentials, CancellationToken cancellationToken) => HttpExchange.SendAsync(
        new HttpCall
        {
            Method = HttpMethod.Get,
            Url = question.Url,
            What = question.What,
            Client = session.Client,
            RedirectClient = session.Client,
            Authorization = credentials,
            Headers = headers,
        },
        cancellationToken);

    private static AuthenticationHeaderValue? Credentials(Question question)
    {
        if (question.File.Username is { Length: > 0 } user)
        {
            return TokenService.Basic(user, question.File.Password);
        }

        return question.Url.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest]
            ? TokenService.Basic(Uri.UnescapeDataString(name), rest is [var password] ? Secret.From(Uri.UnescapeDataString(password)) : null)
            : null;
    }

    /// <summary>Something that is asked of a file server for an item.</summary>
    private sealed record Question(FileArtifact File, Uri Url, string What);
}

/// <summary>A file at one of its places.</summary>
/// <param name="File">The item.</param>
/// <param name="Url">Its URL or one of its mirrors.</param>
/// <param name="Wanted">What is to land.</param>
internal sealed record FileRequest(FileArtifact File, string Url, Wanted Wanted);
