using System.Collections.Concurrent;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>Credentials by host: the inventory's first, then docker's <c>config.json</c>. Every host is asked for once.</summary>
internal sealed class CredentialBook(IReadOnlyDictionary<string, string> environment)
{
    private readonly Lazy<DockerConfig> _docker = new(() => DockerConfig.Load(environment));
    private readonly ConcurrentDictionary<string, Lazy<Task<RegistryCredential?>>> _found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The credential for a registry or mirror, or null for anonymous.</summary>
    public Task<RegistryCredential?> FindAsync(string host, IReadOnlyList<RegistrySettings> registries)
    {
        var name = host == "registry-1.docker.io" ? "docker.io" : host;
        var own = registries.FirstOrDefault(r => string.Equals(r.Registry, name, StringComparison.OrdinalIgnoreCase) && (r.Username is not null || r.IdentityToken is not null));
        return own is not null
            ? Task.FromResult<RegistryCredential?>(new RegistryCredential(own.Username ?? "", own.Password, own.IdentityToken))
            : _found.GetOrAdd(name, h => new Lazy<Task<RegistryCredential?>>(() => _docker.Value.FindAsync(h, CancellationToken.None))).Value;
    }
}
