using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>
/// Asks registries (OCI distribution-spec 1.1, "Pull"): authenticates as they demand, remembers tokens and challenges, so that
/// only the first request to a host is refused.
/// </summary>
/// <param name="clients">Connections.</param>
/// <param name="context">Settings of the host that the images are for.</param>
internal sealed class RegistryClient(IHttpClients clients, RegistryContext context)
{
    /// <summary>A token is renewed this long before it ends, so that it does not end on its way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, AuthChallenge> _challenges = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Host, string Scope), (AuthenticationHeaderValue Header, long Arrived, TimeSpan Lifetime)> _headers = [];
    private readonly SharedWork<(string Host, string Scope), AuthenticationHeaderValue?> _renewals = new();
    private readonly ConcurrentDictionary<string, string> _rateLimits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What registries said about how much may still be pulled, by host.</summary>
    public IReadOnlyDictionary<string, string> RateLimits => _rateLimits;

    /// <summary>Sends a request below the endpoint's repository, with credentials as the registry demands them.</summary>
    /// <param name="endpoint">Which server and repository.</param>
    /// <param name="call">What to ask.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, whatever its status; the caller disposes it.</returns>
    public async Task<HttpReply> SendAsync(RegistryEndpoint endpoint, RegistryCall call, CancellationToken cancellationToken)
    {
        var scope = $"repository:{endpoint.Repository}:pull";
        var header = await KnownAsync(endpoint, scope, cancellationToken).ConfigureAwait(false);
        for (var answered = false; ; answered = true)
        {
            var reply = await HttpExchange.SendAsync(Request(endpoint, call, header), cancellationToken).ConfigureAwait(false);
            NoteRateLimit(endpoint, reply.Response);
            if (answered || reply.Response.StatusCode != HttpStatusCode.Unauthorized || reply.Url.Authority != endpoint.Api.Authority)
            {
                return reply;
            }

            if (AuthChallenge.Of(reply.Response.Headers) is not { } challenge)
            {
                return reply;
            }

            _challenges[endpoint.Host] = challenge;
            _headers.TryRemove((endpoint.Host, scope), out _);
            var renewed = await RenewAsync(endpoint, challenge, scope, cancellationToken).ConfigureAwait(false);
            if (renewed is null)
            {
                return reply;
            }

            reply.Dispose();
            header = renewed;
        }
    }

    private HttpCall Request(RegistryEndpoint endpoint, RegistryCall call, AuthenticationHeaderValue? header) => new()
    {
        Method = call.Method,
        Url = endpoint.Url(call.Path),
        What = call.What,
        Client = clients.Get(endpoint.Tls, context.Proxy),
        RedirectClient = RedirectClient(),
        Authorization = header,
        Headers = call.Headers,
    };

    private HttpClient RedirectClient() => clients.Get(RegistryEndpoints.Tls(context.Settings, skip: false, authority: null), context.Proxy);

    /// <summary>The header for a host that was asked before: without it every repository would begin with a refused request.</summary>
    private async Task<AuthenticationHeaderValue?> KnownAsync(RegistryEndpoint endpoint, string scope, CancellationToken cancellationToken)
    {
        if (_headers.TryGetValue((endpoint.Host, scope), out var known) && Stopwatch.GetElapsedTime(known.Arrived) < known.Lifetime - Margin)
        {
            return known.Header;
        }

        return _challenges.TryGetValue(endpoint.Host, out var challenge)
            ? await RenewAsync(endpoint, challenge, scope, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<AuthenticationHeaderValue?> RenewAsync(RegistryEndpoint endpoint, AuthChallenge challenge, string scope, CancellationToken cancellationToken)
    {
        var (header, _) = await _renewals.RunAsync((endpoint.Host, scope), token => AuthorizeAsync(endpoint, challenge, scope, token), cancellationToken).ConfigureAwait(false);
        return header;
    }

    private async Task<AuthenticationHeaderValue?> AuthorizeAsync(RegistryEndpoint endpoint, AuthChallenge challenge, string scope, CancellationToken cancellationToken)
    {
        var credential = await context.Credentials.FindAsync(endpoint.Host, context.Settings.Registries).ConfigureAwait(false);
        if (challenge.Is("Basic"))
        {
            return credential is null ? null : Remember(TokenService.Basic(credential.Username, credential.Password), TimeSpan.MaxValue);
        }

        if (credential?.RegistryToken is { } ready)
        {
            return Remember(new AuthenticationHeaderValue("Bearer", ready.Reveal()), TimeSpan.MaxValue);
        }

        // Some registries ask for more than the repository; what they name themselves goes first.
        var wanted = challenge["scope"] is { Length: > 0 } named && named.Contains(endpoint.Repository, StringComparison.Ordinal) ? named : scope;
        var token = await TokenService.GetAsync(challenge, wanted, credential, call => SendAsync(endpoint, call, cancellationToken)).ConfigureAwait(false);
        return Remember(new AuthenticationHeaderValue("Bearer", token.Token.Reveal()), token.Lifetime);

        AuthenticationHeaderValue Remember(AuthenticationHeaderValue header, TimeSpan lifetime)
        {
            _headers[(endpoint.Host, scope)] = (header, Stopwatch.GetTimestamp(), lifetime);
            return header;
        }
    }

    private Task<HttpReply> SendAsync(RegistryEndpoint endpoint, TokenCall call, CancellationToken cancellationToken)
    {
        if (endpoint.Api.Scheme == "https" && call.Url.Scheme == "http" && (call.Authorization is not null || call.Form is not null))
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the registry {endpoint.Host} wants its credentials sent in the clear") { Where = new SourcePosition(UrlText.Of(call.Url)), Expected = "a token service over https" });
        }

        var same = call.Url.Authority == endpoint.Api.Authority;
        return HttpExchange.SendAsync(
            new HttpCall
            {
                Method = call.Form is null ? HttpMethod.Get : HttpMethod.Post,
                Url = call.Url,
                What = $"getting a token for {endpoint.Host}",
                Client = same ? clients.Get(endpoint.Tls, context.Proxy) : RedirectClient(),
                RedirectClient = RedirectClient(),
                Authorization = call.Authorization,
                Content = call.Form,
            },
            cancellationToken);
    }

    private void NoteRateLimit(RegistryEndpoint endpoint, HttpResponseMessage response)
    {
        // Docker Hub: "100;w=21600", the number and the window in seconds.
        if (response.Headers.TryGetValues("ratelimit-remaining", out var remaining))
        {
            var limit = response.Headers.TryGetValues("ratelimit-limit", out var limits) ? limits.First() : "?";
            _rateLimits[endpoint.Host] = $"{remaining.First().Split(';')[0]} of {limit.Split(';')[0]} pulls left";
        }
    }
}

/// <summary>What is asked of a registry.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Path below the repository, such as <c>manifests/v1</c>.</param>
/// <param name="What">What is attempted, for messages.</param>
/// <param name="Headers">More headers, or null.</param>
internal sealed record RegistryCall(HttpMethod Method, string Path, string What, Action<HttpRequestHeaders>? Headers = null);

/// <summary>Whom a registry client works for.</summary>
/// <param name="Settings">Mirrors, credentials and certificates of the host that the images are for.</param>
/// <param name="Proxy">Its proxies, the environment's included.</param>
/// <param name="Credentials">Credentials by host.</param>
internal sealed record RegistryContext(DownloadSettings Settings, ProxySettings Proxy, CredentialBook Credentials);
