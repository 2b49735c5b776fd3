using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>
/// Credentials out of docker's <c>config.json</c>: <c>auths</c>, <c>credHelpers</c> and <c>credsStore</c>
/// (docs.docker.com, "docker login", "Credential stores").
/// </summary>
internal sealed class DockerConfig
{
    private const string DockerHubKey = "https://index.docker.io/v1/";

    private readonly DockerConfigDocument _document;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private DockerConfig(DockerConfigDocument document, IReadOnlyDictionary<string, string> environment) => (_document, _environment) = (document, environment);

    /// <summary>Reads <c>$DOCKER_CONFIG/config.json</c> or <c>~/.docker/config.json</c>; no file means no credentials.</summary>
    /// <exception cref="KubeCacheException">It is no JSON (<see cref="ErrorKind.Input"/>).</exception>
    public static DockerConfig Load(IReadOnlyDictionary<string, string> environment)
    {
        var folder = environment.GetValueOrDefault("DOCKER_CONFIG") ?? (environment.TryGetValue("HOME", out var home) ? Path.Combine(home, ".docker") : null);
        var path = folder is null ? null : Path.Combine(folder, "config.json");
        if (path is null || !File.Exists(path))
        {
            return new DockerConfig(new DockerConfigDocument(), environment);
        }

        try
        {
            return new DockerConfig(JsonSerializer.Deserialize(File.ReadAllBytes(path), DockerConfigJson.Default.DockerConfigDocument) ?? new DockerConfigDocument(), environment);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The parser's message quotes no values, so no secret can be in it.
            throw new KubeCacheException(ErrorKind.Input, new Fault("docker's config.json cannot be read") { Where = new SourcePosition(path), Got = e.Message }, e);
        }
    }

    /// <summary>The credential for a registry host, or null.</summary>
    public async Task<RegistryCredential?> FindAsync(string host, CancellationToken cancellationToken)
    {
        var hub = host is "docker.io" or "index.docker.io" or "registry-1.docker.io";
        string[] keys = hub ? [DockerHubKey, "docker.io", "index.docker.io", "registry-1.docker.io"] : [host, "https://" + host, "http://" + host];
        foreach (var key in keys)
        {
            if (_document.CredHelpers?.GetValueOrDefault(key) is { } helper)
            {
                return await CredentialHelper.GetAsync(helper, key, _environment, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var (key, auth) in _document.Auths ?? [])
        {
            if (keys.Any(k => key.TrimEnd('/') == k.TrimEnd('/') || (k.Contains("://", StringComparison.Ordinal) && key.StartsWith(k + "/", StringComparison.Ordinal))) && Read(auth) is { } found)
            {
                return found;
            }
        }

        return _document.CredsStore is { Length: > 0 } store
            ? await CredentialHelper.GetAsync(store, keys[0], _environment, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private static RegistryCredential? Read(DockerAuth auth)
    {
        var (user, password) = (auth.Username ?? "", auth.Password);
        if (!string.IsNullOrEmpty(auth.Auth))
        {
            var buffer = new byte[auth.Auth.Length];
            if (Convert.TryFromBase64String(auth.Auth.Trim(), buffer, out var count) && Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\0').Split(':', 2) is [var u, var p])
            {
                (user, password) = (u, p);
            }
        }

        return user.Length == 0 && auth.IdentityToken is null && auth.RegistryToken is null
            ? null
            : new RegistryCredential(user, Secret.From(password), Secret.From(auth.IdentityToken), Secret.From(auth.RegistryToken));
    }
}

/// <summary>The members of docker's <c>config.json</c> that matter here.</summary>
internal sealed record DockerConfigDocument
{
    public Dictionary<string, DockerAuth>? Auths { get; init; }

    public Dictionary<string, string>? CredHelpers { get; init; }

    public string? CredsStore { get; init; }
}

/// <summary>One entry of <c>auths</c>.</summary>
internal sealed record DockerAuth
{
    public string? Auth { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("registrytoken")]
    public string? RegistryToken { get; init; }
}

/// <summary>What a credential helper prints.</summary>
internal sealed record HelperAnswer
{
    [JsonPropertyName("Username")]
    public string? Username { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DockerConfigDocument))]
[JsonSerializable(typeof(HelperAnswer))]
internal sealed partial class DockerConfigJson : JsonSerializerContext;
