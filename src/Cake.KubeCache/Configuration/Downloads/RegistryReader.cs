using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>
/// Mirrors, credentials and insecure registries, gathered from the variables of containerd, cri-o and docker that Kubespray knows, and from
/// <c>kubecache_registries</c>: a list with <c>registry</c>, <c>mirrors</c> (URLs, or mappings with <c>url</c>, <c>prefix</c>, <c>skip_verify</c>, <c>ca</c>,
/// <c>client_cert</c>, <c>client_key</c>), <c>plain_http</c>, <c>skip_verify</c>, <c>username</c>, <c>password</c>, <c>identity_token</c>.
/// </summary>
internal sealed class RegistryReader(TypedVariables variables)
{
    private readonly Dictionary<string, RegistrySettings> _registries = new(StringComparer.Ordinal);

    /// <summary>All registries that something is said of.</summary>
    public IReadOnlyList<RegistrySettings> Read()
    {
        foreach (var entry in Entries("kubecache_registries"))
        {
            Own(entry);
        }

        Containerd();
        Crio();
        foreach (var mirror in variables.List("docker_registry_mirrors").Select(PythonText.Str))
        {
            Change("docker.io", r => WithMirrors(r, [new RegistryMirror(WithScheme(mirror))]));
        }

        foreach (var insecure in variables.List("docker_insecure_registries").Concat(variables.List("crio_insecure_registries")).Select(PythonText.Str))
        {
            Change(HostOf(insecure), r => r with { PlainHttp = true, SkipVerify = true });
        }

        foreach (var auth in Entries("containerd_registry_auth").Concat(Entries("crio_registry_auth")))
        {
            Change(HostOf(Text(auth, "registry") ?? "docker.io"), r => WithCredentials(r, auth));
        }

        return [.. _registries.Values];
    }

    private void Own(Mapping entry)
    {
        var mirrors = Items(entry, "mirrors").Select(m => m is Mapping mirror
            ? new RegistryMirror(WithScheme(Text(mirror, "url") ?? ""), Flag(mirror, "skip_verify"), Text(mirror, "prefix") ?? "")
            {
                CertificateAuthorityFile = Text(mirror, "ca"),
                ClientCertificateFile = Text(mirror, "client_cert"),
                ClientKeyFile = Text(mirror, "client_key"),
            }
            : new RegistryMirror(WithScheme(PythonText.Str(m))));
        Change(HostOf(Text(entry, "registry") ?? "docker.io"), r => WithCredentials(WithMirrors(r, mirrors), entry) with
        {
            PlainHttp = Flag(entry, "plain_http"),
            SkipVerify = Flag(entry, "skip_verify"),
        });
    }

    private void Containerd()
    {
        foreach (var entry in Entries("containerd_registries_mirrors"))
        {
            var mirrors = Items(entry, "mirrors").OfType<Mapping>().Select(m =>
            {
                var client = Items(m, "client") is [var one, ..] ? one : null;
                return new RegistryMirror(WithScheme(Text(m, "host") ?? ""), Flag(m, "skip_verify"))
                {
                    CertificateAuthorityFile = Items(m, "ca").Select(PythonText.Str).FirstOrDefault(),
                    ClientCertificateFile = client is Sequence { Count: > 0 } pair ? PythonText.Str(pair[0]) : client as string,
                    ClientKeyFile = client is Sequence { Count: > 1 } keyed ? PythonText.Str(keyed[1]) : null,
                };
            });
            var prefix = Text(entry, "prefix") ?? "docker.io";
            Change(prefix, r => WithMirrors(r, [.. mirrors, .. Server(entry, prefix)]));
        }

        // Until 2.21: name → URL or URLs.
        foreach (var (name, urls) in variables.Value("containerd_registries") as Mapping ?? [])
        {
            // That configuration of containerd called the default "*".
            Change(PythonText.Str(name) is not "*" and var named ? named : RegistrySettings.Default, r => WithMirrors(r, (urls as Sequence ?? new Sequence([urls])).Select(u => new RegistryMirror(WithScheme(PythonText.Str(u))))));
        }

        switch (variables.Value("containerd_insecure_registries"))
        {
            case Mapping byName:
                foreach (var (name, url) in byName)
                {
                    var text = PythonText.Str(url);
                    Change(PythonText.Str(name), r => WithMirrors(r, [new RegistryMirror(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, SkipVerify: true)]) with { PlainHttp = true, SkipVerify = true });
                }

                break;
            case Sequence names:
                foreach (var name in names.Select(PythonText.Str))
                {
                    Change(HostOf(name), r => r with { PlainHttp = true, SkipVerify = true });
                }

                break;
        }
    }

    private void Crio()
    {
        foreach (var entry in Entries("crio_registries"))
        {
            var prefix = Text(entry, "prefix") ?? Text(entry, "location") ?? "docker.io";
            var mirrors = Items(entry, "mirrors").OfType<Mapping>().Select(m => Located(Text(m, "location") ?? "", Flag(m, "insecure"))).ToList();
            if (Text(entry, "location") is { } location && location != prefix)
            {
                mirrors.Add(Located(location, Flag(entry, "insecure")));
            }

            Change(prefix, r => WithMirrors(r, mirrors) with
            {
                PlainHttp = r.PlainHttp || Flag(entry, "insecure"),
                SkipVerify = r.SkipVerify || Flag(entry, "insecure"),
                Blocked = r.Blocked || Flag(entry, "blocked"),
            });
        }
    }

    /// <summary>What containerd asks behind the mirrors. As there, an entry without either keeps its registry from the default mirrors.</summary>
    private static IEnumerable<RegistryMirror> Server(Mapping entry, string prefix) =>
        Text(entry, "server") is { } server ? [new RegistryMirror(WithScheme(server))]
        : Items(entry, "mirrors").Count == 0 && prefix != RegistrySettings.Default ? [new RegistryMirror("https://" + prefix)]
        : [];

    /// <summary>A location of containers-registries.conf(5): host, and optionally the path that stands for the prefix.</summary>
    private static RegistryMirror Located(string location, bool insecure)
    {
        var slash = location.IndexOf('/', StringComparison.Ordinal);
        return new RegistryMirror((insecure ? "http://" : "https://") + (slash < 0 ? location : location[..slash]), insecure, slash < 0 ? "" : location[(slash + 1)..]);
    }

    private void Change(string registry, Func<RegistrySettings, RegistrySettings> change) =>
        _registries[registry] = change(_registries.GetValueOrDefault(registry) ?? new RegistrySettings { Registry = registry });

    private static RegistrySettings WithMirrors(RegistrySettings settings, IEnumerable<RegistryMirror> mirrors) =>
        settings with { Mirrors = [.. settings.Mirrors.Concat(mirrors).Where(m => m.Url.Length > 0).DistinctBy(m => (m.Url, m.Prefix))] };

    private static RegistrySettings WithCredentials(RegistrySettings settings, Mapping entry) => settings with
    {
        Username = Text(entry, "username") ?? settings.Username,
        Password = Secret.From(Text(entry, "password")) ?? settings.Password,
        IdentityToken = Secret.From(Text(entry, "identity_token") ?? Text(entry, "identitytoken")) ?? settings.IdentityToken,
    };

    private IEnumerable<Mapping> Entries(string name)
    {
        foreach (var item in variables.List(name))
        {
            if (item is Mapping entry)
            {
                yield return entry;
            }
            else
            {
                variables.Faults.Add(new Fault($"an item of '{name}' of {variables.Scope.Host} is malformed") { Got = item is string ? "a text" : PythonText.Describe(item), Expected = "a mapping" });
            }
        }
    }

    private static IReadOnlyList<object?> Items(Mapping entry, string key) => !entry.TryGet(key, out var value) || value is null ? [] : value as Sequence ?? new Sequence([value]);

    private static string? Text(Mapping entry, string key) => entry.TryGet(key, out var value) && value is not null && PythonText.Str(value) is { Length: > 0 } text ? text : null;

    private static bool Flag(Mapping entry, string key) => entry.TryGet(key, out var value) && PythonTruth.FromWord(value);

    private static string WithScheme(string url) => url.Length == 0 || url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url;

    private static string HostOf(string registry)
    {
        var scheme = registry.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? registry : registry[(scheme + 3)..]).TrimEnd('/');
    }
}
