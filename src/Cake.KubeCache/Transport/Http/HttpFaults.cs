using System.Globalization;
using System.Net;
using System.Security.Authentication;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>Classifies what servers and connections do to us.</summary>
internal static class HttpFaults
{
    /// <summary>An answer that is not what was asked for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="url">Who gave it, after redirects.</param>
    /// <param name="what">What was attempted, for the message.</param>
    public static KubeCacheException Of(HttpResponseMessage response, Uri url, string what)
    {
        var code = response.StatusCode;
        return new KubeCacheException(IsTransient(code) ? ErrorKind.Retry : ErrorKind.GiveUp, new Fault($"{what} failed")
        {
            Where = new SourcePosition(UrlText.Of(url)),
            Got = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)code} {response.ReasonPhrase}"),
            Hint = Hint(code),
        })
        { RetryAfter = RetryAfter(response) };
    }

    /// <summary>A connection that failed before or while it answered.</summary>
    public static KubeCacheException Of(Exception error, Uri url, string what)
    {
        var certificate = Certificate(error);
        return new KubeCacheException(certificate is null ? ErrorKind.Retry : ErrorKind.GiveUp, new Fault($"{what} failed")
        {
            Where = new SourcePosition(UrlText.Of(url)),
            Got = (certificate ?? Innermost(error)).Message,
            Hint = certificate is not null
                ? "the server's certificate is not trusted: name its authority (https_proxy_cert_file, or the mirror's CA file)"
                : error is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? "check the host name and the DNS, or set http_proxy/https_proxy" : null,
        }, error);
    }

    /// <summary>Whether an exception comes from the connection and not from this program.</summary>
    public static bool IsConnection(Exception error) => error is HttpRequestException or IOException { HResult: not (28 or 122) } or System.Net.Sockets.SocketException;

    /// <summary>A transfer that stood still.</summary>
    public static KubeCacheException Stalled(Uri url, string what, TimeSpan timeout) => new(ErrorKind.Retry, new Fault($"{what} stood still")
    {
        Where = new SourcePosition(UrlText.Of(url)),
        Got = string.Create(CultureInfo.InvariantCulture, $"next to no bytes for {timeout.TotalSeconds:0.#} s"),
    });

    private static bool IsTransient(HttpStatusCode code) =>
        code is HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests ||
        ((int)code >= 500 && code is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported));

    private static string? Hint(HttpStatusCode code) => code switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check the credentials (url_username/url_password of the item, the registry's auth variables, or docker's config.json)",
        HttpStatusCode.NotFound => "check the version and the URL",
        HttpStatusCode.ProxyAuthenticationRequired => "the proxy wants credentials: http://user:password@proxy:port",
        HttpStatusCode.TooManyRequests => "log in to the registry, or name a mirror, for a higher limit",
        _ => null,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        // A date is compared with the server's own clock where it tells it, because ours may be wrong.
        var pause = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (response.Headers.Date ?? DateTimeOffset.UtcNow),
            _ => (TimeSpan?)null,
        };
        return pause is { } p ? p > TimeSpan.Zero ? p : TimeSpan.Zero : null;
    }

    private static AuthenticationException? Certificate(Exception? error) => error switch
    {
        null => null,
        AuthenticationException e when e.InnerException is null or not IOException => e,
        _ => Certificate(error.InnerException),
    };

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;
}
