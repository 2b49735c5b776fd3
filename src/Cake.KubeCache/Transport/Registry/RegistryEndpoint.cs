using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>One server that serves a repository's images: the registry itself or a mirror of it.</summary>
/// <param name="Api">Base of the distribution API, ending in <c>/v2/</c>.</param>
/// <param name="Repository">The repository as this server names it.</param>
/// <param name="Namespace">The registry that a mirror is asked to stand for (<c>?ns=</c>, as containerd asks); null for the registry itself.</param>
/// <param name="Tls">How its certificate is judged.</param>
internal sealed record RegistryEndpoint(Uri Api, string Repository, string? Namespace, TlsProfile Tls)
{
    /// <summary>Host and port, as credentials are named by.</summary>
    public string Host => Api.Authority;

    /// <summary>The URL of something below the repository.</summary>
    public Uri Url(string path) => new(Api, $"{Repository}/{path}{(Namespace is null ? "" : "?ns=" + Uri.EscapeDataString(Namespace))}");
}
