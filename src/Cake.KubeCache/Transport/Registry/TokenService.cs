using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>
/// Gets bearer tokens (distribution project, "Token Authentication Specification" and its OAuth2 form for identity tokens).
/// </summary>
internal static class TokenService
{
    private const int LongestAnswer = 1024 * 1024;

    /// <summary>Asks the challenge's realm for a token.</summary>
    /// <param name="challenge">The Bearer challenge.</param>
    /// <param name="scope">What the token is for.</param>
    /// <param name="credential">Whom it is for; null for anonymous.</param>
    /// <param name="send">Sends a request as <see cref="HttpExchange"/> does.</param>
    /// <exception cref="KubeCacheException">Refused (<see cref="ErrorKind.GiveUp"/>) or unreachable (<see cref="ErrorKind.Retry"/>).</exception>
    public static async Task<BearerToken> GetAsync(AuthChallenge challenge, string scope, RegistryCredential? credential, Func<TokenCall, Task<HttpReply>> send)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("http" or "https"))
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the registry names a token service that is no URL") { Got = challenge["realm"] });
        }

        if (credential?.IdentityToken is { } identity)
        {
            using var exchanged = await send(Refresh(realm, challenge["service"], scope, identity)).ConfigureAwait(false);
            if (exchanged.Response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
            {
                return await ReadAsync(exchanged).ConfigureAwait(false);
            }
        }

        using var reply = await send(Ask(realm, challenge["service"], scope, credential)).ConfigureAwait(false);
        return await ReadAsync(reply).ConfigureAwait(false);
    }

    /// <summary>A user and password as the Basic scheme sends them.</summary>
    public static AuthenticationHeaderValue Basic(string user, Secret? password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password?.Reveal()}")));

    private static TokenCall Ask(Uri realm, string? service, string scope, RegistryCredential? credential)
    {
        var query = new StringBuilder(realm.Query.Length > 1 ? realm.Query + "&" : "?");
        if (service is not null)
        {
            query.Append("service=").Append(Uri.EscapeDataString(service)).Append('&');
        }

        query.Append("scope=").Append(Uri.EscapeDataString(scope));
        var authorization = credential is null ? null : credential.IdentityToken is { } token ? Basic("<token>", token) : Basic(credential.Username, credential.Password);
        return new TokenCall(new UriBuilder(realm) { Query = query.ToString() }.Uri, authorization, null);
    }

    private static TokenCall Refresh(Uri realm, string? service, string scope, Secret identity) => new(realm, null, () => new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "refresh_token",
        ["service"] = service ?? "",
        ["client_id"] = "cake-kubecache",
        ["scope"] = scope,
        ["refresh_token"] = identity.Reveal(),
    }));

    private static async Task<BearerToken> ReadAsync(HttpReply reply)
    {
        if (reply.Response.StatusCode != HttpStatusCode.OK)
        {
            throw HttpFaults.Of(reply.Response, reply.Url, "getting a token");
        }

        try
        {
            var bytes = await LimitedBody.ReadAsync(reply, LongestAnswer, "getting a token", CancellationToken.None).ConfigureAwait(false);
            var answer = JsonSerializer.Deserialize(bytes, TokenJson.Default.TokenAnswer);
            if ((answer?.Token ?? answer?.AccessToken) is { Length: > 0 } token)
            {
                return new BearerToken(new Secret(token), TimeSpan.FromSeconds(Math.Clamp(answer!.ExpiresIn ?? 60, 5, 86400)));
            }

            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the token service answered without a token") { Where = new SourcePosition(UrlText.Of(reply.Url)) });
        }
        catch (JsonException e)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the token service did not answer in JSON") { Where = new SourcePosition(UrlText.Of(reply.Url)) }, e);
        }
    }
}

/// <summary>A request to a token service: POST with a form, or GET without.</summary>
internal sealed record TokenCall(Uri Url, AuthenticationHeaderValue? Authorization, Func<HttpContent>? Form);

/// <summary>A token and how long it is good for, counted from its arrival: the server's clock does not matter.</summary>
internal sealed record BearerToken(Secret Token, TimeSpan Lifetime);

/// <summary>A token service's answer.</summary>
internal sealed record TokenAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public int? ExpiresIn { get; init; }
}

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
