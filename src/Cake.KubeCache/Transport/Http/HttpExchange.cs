using System.Net;
using System.Net.Http.Headers;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>
/// Sends a request and follows its redirects. Credentials, and a client with its own certificates, go to the first host only.
/// </summary>
internal static class HttpExchange
{
    /// <summary>As many as curl and browsers follow at most; more is a loop in practice.</summary>
    private const int MaxRedirects = 20;

    /// <summary>Sends the request; the body is left to be read.</summary>
    /// <param name="call">What to send.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">No connection (<see cref="ErrorKind.Retry"/>), or redirects without end. A status that is no success is returned.</exception>
    public static async Task<HttpReply> SendAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var url = call.Url;
        var seen = new HashSet<Uri>();
        while (seen.Add(url) && seen.Count <= MaxRedirects)
        {
            var response = await SendOnceAsync(call, url, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return new HttpReply(response, url);
            }

            response.Dispose();
            url = location.IsAbsoluteUri ? location : new Uri(url, location);
            if (url.Scheme is not ("http" or "https"))
            {
                throw Refuse(call, url, "a redirect to something that is no web address");
            }
        }

        throw Refuse(call, url, seen.Contains(url) && seen.Count <= MaxRedirects ? "a redirect loop" : $"more than {MaxRedirects} redirects");
    }

    private static async Task<HttpResponseMessage> SendOnceAsync(HttpCall call, Uri url, CancellationToken cancellationToken)
    {
        var own = SameOrigin(call.Url, url);
        using var request = new HttpRequestMessage(call.Method, WithoutUser(url)) { Version = HttpVersion.Version11 };
        request.Headers.Authorization = own ? call.Authorization : null;
        call.Headers?.Invoke(request.Headers);
        if (own && call.Content is { } content)
        {
            request.Content = content();
        }

        try
        {
            return await (own ? call.Client : call.RedirectClient).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpFaults.IsConnection(e))
        {
            throw HttpFaults.Of(e, url, call.What);
        }
    }

    private static bool IsRedirect(HttpStatusCode code) => code is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.Host, b.Host, StringComparison.OrdinalIgnoreCase);

    private static Uri WithoutUser(Uri url) => url.UserInfo.Length == 0 ? url : new UriBuilder(url) { UserName = "", Password = "" }.Uri;

    private static KubeCacheException Refuse(HttpCall call, Uri url, string got) =>
        new(ErrorKind.GiveUp, new Fault($"{call.What} failed") { Where = new SourcePosition(UrlText.Of(call.Url)), Got = $"{got}, at last to {UrlText.Of(url)}" });
}

/// <summary>A request.</summary>
internal sealed record HttpCall
{
    public required HttpMethod Method { get; init; }

    public required Uri Url { get; init; }

    /// <summary>What is attempted, for messages.</summary>
    public required string What { get; init; }

    /// <summary>Connects to the URL's own host.</summary>
    public required HttpClient Client { get; init; }

    /// <summary>Connects to any other host that a redirect names.</summary>
    public required HttpClient RedirectClient { get; init; }

    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>More headers, without credentials: they are sent to every host on the way.</summary>
    public Action<HttpRequestHeaders>? Headers { get; init; }

    /// <summary>A body, for the token service; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }
}

/// <summary>An answer and who gave it after redirects.</summary>
internal sealed record HttpReply(HttpResponseMessage Response, Uri Url) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Response.Dispose();
}
