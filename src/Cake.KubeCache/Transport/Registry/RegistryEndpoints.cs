using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>Where a reference is pulled from: the mirrors that the inventory names, in order, then the registry itself.</summary>
internal static class RegistryEndpoints
{
    /// <summary>Docker Hub's API does not answer at the name that references carry.</summary>
    private const string DockerHub = "docker.io";
    private const string DockerHubApi = "registry-1.docker.io";

    /// <summary>The places, best first.</summary>
    /// <exception cref="KubeCacheException">A mirror is no URL (<see cref="ErrorKind.Input"/>).</exception>
    public static IReadOnlyList<RegistryEndpoint> Of(ImageReference reference, DownloadSettings settings)
    {
        var nearest = RegistryPrefix.Nearest(settings.Registries, reference);
        if (nearest is { Blocked: true })
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"pulling {reference.Familiar} is forbidden: its registry is blocked")
            {
                Got = $"blocked: true for {nearest.Registry}",
                Expected = "an entry that allows it",
                Hint = "name another image, or take 'blocked' out of crio_registries; a longer prefix may allow a part of the registry",
            });
        }

        var own = settings.Registries.FirstOrDefault(r => r.Registry == reference.Registry) ?? (nearest is not null && RegistryPrefix.IsWildcard(nearest.Registry) ? nearest : null);
        var verified = Tls(settings, skip: false, authority: null);
        var mirroring = nearest is { Mirrors.Count: > 0 } ? nearest : settings.Registries.FirstOrDefault(r => r.Registry == RegistrySettings.Default);
        var endpoints = (mirroring?.Mirrors ?? []).SelectMany(m => Mirror(m, RegistryPrefix.Rest(mirroring!.Registry, reference), new Mirrored(reference, settings))).ToList();
        var tls = Tls(settings, own?.SkipVerify ?? false, authority: null);
        var host = reference.Registry == DockerHub ? DockerHubApi : reference.Registry;
        if (own?.PlainHttp ?? false)
        {
            endpoints.Add(new RegistryEndpoint(new Uri($"http://{host}/v2/"), reference.Repository, null, verified));
            if (own.SkipVerify)
            {
                // "Insecure" in docker's and cri-o's sense is either: TLS that nobody vouches for, or none.
                endpoints.Add(new RegistryEndpoint(new Uri($"https://{host}/v2/"), reference.Repository, null, tls));
            }
        }
        else
        {
            endpoints.Add(new RegistryEndpoint(new Uri($"https://{host}/v2/"), reference.Repository, null, tls));
        }

        // A mirror list often names the registry itself as its last entry.
        return [.. endpoints.DistinctBy(e => (e.Api, e.Repository))];
    }

    /// <summary>How certificates are judged under the settings.</summary>
    /// <param name="settings">The host's settings.</param>
    /// <param name="skip">Whether this server was named as one not to verify.</param>
    /// <param name="authority">A PEM file for this server, or null.</param>
    public static TlsProfile Tls(DownloadSettings settings, bool skip, string? authority) => new(
        settings.ValidateCertificates && !skip,
        string.Join(TlsProfile.Separator, new[] { settings.Proxy.CertificateFile, authority }.Where(f => !string.IsNullOrEmpty(f))));

    private static IEnumerable<RegistryEndpoint> Mirror(RegistryMirror mirror, string repository, Mirrored of)
    {
        var (reference, settings) = of;
        var text = mirror.Url.Contains("://", StringComparison.Ordinal) ? mirror.Url : "https://" + mirror.Url;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"a mirror of {reference.Registry} is no URL") { Got = mirror.Url, Expected = "https://host[:port][/path]" });
        }

        if (repository.Length == 0 && mirror.Prefix.Length == 0)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"a mirror of {reference.Name} names no repository") { Got = mirror.Url, Expected = $"{url.Authority}/<repository>, because the prefix goes down to the repository" });
        }

        if (url.Host == DockerHub)
        {
            url = new UriBuilder(url) { Host = DockerHubApi }.Uri;
        }

        // A path that names /v2/ itself is complete (containerd's override_path); otherwise the API is below the path.
        var complete = url.AbsolutePath.Contains("/v2/", StringComparison.Ordinal);
        var tls = Tls(settings, mirror.SkipVerify, mirror.CertificateAuthorityFile) with { ClientCertificateFile = mirror.ClientCertificateFile, ClientKeyFile = mirror.ClientKeyFile };
        var self = string.Equals(url.Authority, reference.Registry, StringComparison.OrdinalIgnoreCase);
        var endpoint = new RegistryEndpoint(complete ? url : new Uri(url, "v2/"), $"{mirror.Prefix.Trim('/')}/{repository}".Trim('/'), self ? null : reference.Registry, tls);
        yield return endpoint;
        if (url.Scheme == "http" && mirror.SkipVerify)
        {
            // "Insecure" in cri-o's sense is either, as it is for a registry.
            yield return endpoint with { Api = new Uri("https" + endpoint.Api.AbsoluteUri[4..]) };
        }
    }

    /// <summary>What is mirrored, and for whom.</summary>
    private sealed record Mirrored(ImageReference Reference, DownloadSettings Settings);
}
