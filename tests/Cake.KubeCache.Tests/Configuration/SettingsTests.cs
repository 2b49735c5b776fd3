using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class SettingsTests
{
    [Fact]
    public void Downloads_once_on_this_machine_unless_something_says_otherwise()
    {
        using var cluster = New();
        var settings = cluster.Downloads().Settings;
        (settings.RunOnce, settings.Localhost, settings.Delegate, settings.CacheDirectory).ShouldBe((true, true, "localhost", null));
        settings = cluster.Catalogue("download_run_once: false\ndownload_localhost: false\ndownload_cache_dir: /tmp/c\ndownload_retries: 7\nretry_stagger: 2\n").Downloads().Settings;
        (settings.RunOnce, settings.Localhost, settings.Delegate, settings.CacheDirectory).ShouldBe((false, false, "node1", null));
        (settings.Retries, settings.RetryStagger).ShouldBe((7, TimeSpan.FromSeconds(2)));
        cluster.File("group_vars/all.yml", "download_cache_dir: /mine\n").Downloads().Settings.CacheDirectory.ShouldBe("/mine");
    }

    [Fact]
    public void Gathers_the_registries_of_containerd()
    {
        using var cluster = New().File("group_vars/all.yml",
            """
            containerd_registries_mirrors:
              - prefix: docker.io
                mirrors:
                  - {host: "https://mirror.example.org", capabilities: [pull], skip_verify: true, ca: [/etc/ca.pem], client: [[/c.pem, /k.pem]]}
                  - {host: "http://plain.example.org:5000"}
            containerd_insecure_registries: {"lab:5000": "http://lab:5000"}
            containerd_registry_auth:
              - {registry: lab:5000, username: me, password: pw}
            """);
        var registries = cluster.Downloads().Settings.Registries.ToDictionary(r => r.Registry);
        registries["docker.io"].Mirrors.Select(m => (m.Url, m.SkipVerify, m.CertificateAuthorityFile, m.ClientCertificateFile, m.ClientKeyFile)).ShouldBe([
            ("https://mirror.example.org", true, "/etc/ca.pem", "/c.pem", "/k.pem"), ("http://plain.example.org:5000", false, null, null, null)]);
        (registries["lab:5000"].PlainHttp, registries["lab:5000"].Username, registries["lab:5000"].Password!.Reveal()).ShouldBe((true, "me", "pw"));
    }

    [Fact]
    public void Gathers_the_registries_of_crio_docker_and_our_own()
    {
        using var cluster = New().File("group_vars/all.yml",
            """
            crio_registries:
              - {prefix: quay.io, insecure: false, location: q.example.org/quay, mirrors: [{location: m.example.org/q, insecure: true}]}
            crio_registry_auth: [{registry: quay.io, username: q, password: qp}]
            docker_registry_mirrors: [https://hub.example.org]
            docker_insecure_registries: [old.example.org]
            kubecache_registries:
              - {registry: ghcr.io, mirrors: [g.example.org, {url: "https://h.example.org", prefix: gh}], skip_verify: true, identity_token: tok}
            """);
        var registries = cluster.Downloads().Settings.Registries.ToDictionary(r => r.Registry);
        registries["quay.io"].Mirrors.ShouldBe([new RegistryMirror("http://m.example.org", true, "q"), new RegistryMirror("https://q.example.org", false, "quay")]);
        registries["quay.io"].Username.ShouldBe("q");
        registries["docker.io"].Mirrors.ShouldBe([new RegistryMirror("https://hub.example.org")]);
        registries["old.example.org"].PlainHttp.ShouldBeTrue();
        registries["ghcr.io"].Mirrors.ShouldBe([new RegistryMirror("https://g.example.org"), new RegistryMirror("https://h.example.org", false, "gh")]);
        (registries["ghcr.io"].SkipVerify, registries["ghcr.io"].IdentityToken!.Reveal()).ShouldBe((true, "tok"));
    }

    [Fact]
    public void Derives_what_is_reached_without_the_proxy()
    {
        using var cluster = New().File("group_vars/all.yml", "http_proxy: http://proxy:3128\nhttps_proxy: \"{{ http_proxy }}\"\nadditional_no_proxy: .corp\nkube_pods_subnet: 10.1.0.0/16\ncluster_name: c.local\nip: 192.0.2.1\n");
        var proxy = cluster.Downloads().Settings.Proxy;
        (proxy.Http, proxy.Https).ShouldBe(("http://proxy:3128", "http://proxy:3128"));
        proxy.No.ShouldBe(".corp,node1,node1.c.local,192.0.2.1,127.0.0.1,localhost,10.1.0.0/16,svc,svc.c.local");
        cluster.Set("no_proxy=only").Downloads().Settings.Proxy.No.ShouldBe("only");
    }

    [Fact]
    public void Refuses_settings_of_the_wrong_type()
    {
        using var cluster = New().Set("download_retries=many", "kubecache_delivery=pigeon", "kubecache_registries=[x]");
        cluster.Faults().Select(f => f.What).ShouldBe(["'download_retries' of node1 is no number", "'kubecache_delivery' of node1 is no mode", "an item of 'kubecache_registries' of node1 is malformed"]);
    }

    private static Cluster New() => new Cluster().Inventory("[kube_control_plane]\nnode1\n");
}
