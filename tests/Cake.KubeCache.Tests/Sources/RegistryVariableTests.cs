using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Configuration;
using Cake.KubeCache.Transport.Registry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>From the variables of an inventory to what real servers are asked.</summary>
public sealed class RegistryVariableTests
{
    [Theory]
    [InlineData("docker_registry_mirrors: ['{0}']")]
    [InlineData("containerd_registries_mirrors: [{{prefix: docker.io, mirrors: [{{host: '{0}', capabilities: [pull, resolve]}}]}}]")]
    [InlineData("crio_registries: [{{prefix: docker.io, location: registry-1.docker.io, mirrors: [{{location: '{1}', insecure: true}}]}}]")]
    [InlineData("kubecache_registries: [{{registry: docker.io, mirrors: ['{0}']}}]")]
    public async Task A_short_name_of_Docker_Hub_is_asked_for_below_library_at_its_mirror(string variables)
    {
        await using var mirror = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        mirror.Push("library/nginx", "1.27", image);
        await using var bench = Bench(variables, mirror.Server.Url, mirror.Host);

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("nginx:1.27")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        outcome.Stored.Source.ShouldStartWith(mirror.Host);
    }

    [Theory]
    [InlineData("docker_insecure_registries: ['{1}']", false)]
    [InlineData("docker_insecure_registries: ['{1}']", true)]
    [InlineData("crio_insecure_registries: ['{1}']", false)]
    [InlineData("crio_insecure_registries: ['{1}']", true)]
    [InlineData("containerd_insecure_registries: ['{1}']", false)]
    [InlineData("crio_registries: [{{prefix: '{1}', insecure: true}}]", true)]
    [InlineData("crio_registries: [{{prefix: quay.invalid, mirrors: [{{location: '{1}', insecure: true}}]}}]", false)]
    [InlineData("crio_registries: [{{prefix: quay.invalid, mirrors: [{{location: '{1}', insecure: true}}]}}]", true)]
    [InlineData("containerd_registries_mirrors: [{{prefix: quay.invalid, mirrors: [{{host: 'https://{1}', skip_verify: true}}]}}]", true)]
    public async Task An_insecure_registry_is_asked_in_the_clear_or_by_TLS_that_nobody_vouches_for(string variables, bool tls)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        registry.Push("team/app", "v1", image);
        using var certificate = SelfSigned();
        await using var front = await LoopbackServer.StartAsync(c => registry.AnswerAsync(c), tls ? l => l.UseHttps(certificate) : null);
        await using var bench = Bench(variables, front.Url, front.Host);
        var name = variables.Contains("quay.invalid", StringComparison.Ordinal) ? "quay.invalid" : front.Host;

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse($"{name}/team/app:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
    }

    [Fact]
    public async Task A_mirror_that_is_not_named_insecure_is_not_asked_by_TLS_that_nobody_vouches_for()
    {
        using var certificate = SelfSigned();
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("never read"), l => l.UseHttps(certificate));
        await using var bench = Bench("download_retries: 1\ncontainerd_registries_mirrors: [{{prefix: quay.invalid, mirrors: [{{host: 'https://{1}'}}]}}]", server.Url, server.Host);

        await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(ImageReference.Parse("quay.invalid/team/app:v1"))));

        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("crio_registries: [{{prefix: quay.invalid/team, mirrors: [{{location: '{1}/copies', insecure: true}}]}}]", "copies/app")]
    [InlineData("crio_registries: [{{prefix: quay.invalid, mirrors: [{{location: nowhere.invalid}}]}}, {{prefix: quay.invalid/team, mirrors: [{{location: '{1}', insecure: true}}]}}]", "app")]
    [InlineData("crio_registries: [{{prefix: quay.invalid/team, location: '{1}/renamed', insecure: true}}]", "renamed/app")]
    [InlineData("crio_registries: [{{prefix: quay.invalid/te, mirrors: [{{location: nowhere.invalid}}]}}, {{prefix: quay.invalid, mirrors: [{{location: '{1}', insecure: true}}]}}]", "team/app")]
    public async Task A_prefix_that_goes_down_to_a_repository_is_replaced_as_a_whole(string variables, string repository)
    {
        await using var mirror = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        mirror.Push(repository, "v1", image);
        await using var bench = Bench(variables, mirror.Server.Url, mirror.Host);

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("quay.invalid/team/app:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        bench.Progress.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("containerd_registries_mirrors: [{{prefix: _default, mirrors: [{{host: '{0}', capabilities: [pull, resolve]}}]}}]")]
    [InlineData("containerd_registries_mirrors: [{{prefix: _default, server: '{0}', mirrors: []}}, {{prefix: docker.io, mirrors: [{{host: nowhere.invalid}}]}}]")]
    [InlineData("containerd_registries: {{'*': '{0}', docker.io: 'https://nowhere.invalid'}}")]
    [InlineData("containerd_registries_mirrors: [{{prefix: _default, mirrors: [{{host: '{0}'}}]}}]\ncontainerd_registry_auth: [{{registry: a.quay.invalid, username: me, password: pw}}]")]
    [InlineData("crio_registries: [{{prefix: '*.invalid', mirrors: [{{location: '{1}', insecure: true}}]}}]")]
    [InlineData("crio_registries: [{{prefix: '*.quay.invalid', location: '{1}', insecure: true}}, {{prefix: '*.invalid', location: nowhere.invalid}}]")]
    [InlineData("crio_registries: [{{prefix: 'a.quay.invalid', location: '{1}', insecure: true}}, {{prefix: '*.quay.invalid', blocked: true}}]")]
    public async Task A_registry_without_an_entry_of_its_own_is_asked_for_at_the_mirror_of_all_or_of_its_domain(string variables)
    {
        await using var mirror = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        mirror.Push("team/app", "v1", image);
        await using var bench = Bench(variables, mirror.Server.Url, mirror.Host);

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("a.quay.invalid/team/app:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        mirror.Server.Requests.ShouldAllBe(r => r.Query == "?ns=a.quay.invalid");
        bench.Progress.Lines.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("containerd_registries_mirrors: [{prefix: _default, mirrors: [{host: all.invalid}]}, {prefix: quay.invalid, mirrors: [{host: own.invalid}]}]", "own.invalid quay.invalid")]
    [InlineData("containerd_registries_mirrors: [{prefix: _default, mirrors: [{host: all.invalid}]}, {prefix: quay.invalid, mirrors: []}]", "quay.invalid")]
    [InlineData("containerd_registries_mirrors: [{prefix: quay.invalid, server: behind.invalid, mirrors: [{host: own.invalid}]}]", "own.invalid behind.invalid quay.invalid")]
    [InlineData("crio_registries: [{prefix: '*.quay.invalid', location: sub.invalid}]", "quay.invalid")]
    [InlineData("crio_registries: [{prefix: '*uay.invalid', location: sub.invalid}]", "quay.invalid")]
    public void An_entry_counts_for_what_it_names_and_for_nothing_else(string variables, string hosts)
    {
        using var cluster = new Cluster().Inventory("[kube_control_plane]\nnode1\n").File("group_vars/all.yml", variables);

        RegistryEndpoints.Of(ImageReference.Parse("quay.invalid/team/app:v1"), cluster.Downloads().Settings).Select(e => e.Host).ShouldBe(hosts.Split(' '));
    }

    [Theory]
    [InlineData("docker.io", "nginx:1.27")]
    [InlineData("quay.invalid/team", "quay.invalid/team/app:v1")]
    [InlineData("quay.invalid/team/app", "quay.invalid/team/app:v1")]
    [InlineData("*.invalid", "a.quay.invalid:5000/team/app:v1")]
    public async Task What_is_blocked_is_refused_without_asking_anybody(string prefix, string reference)
    {
        await using var mirror = await LoopbackRegistry.StartAsync();
        await using var bench = Bench($"crio_registries: [{{{{prefix: '{prefix}', blocked: true, location: other.invalid, mirrors: [{{{{location: '{{1}}', insecure: true}}}}]}}}}]", mirror.Server.Url, mirror.Host);

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(ImageReference.Parse(reference))));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Message.ShouldContain("blocked");
        error.Faults[0].Got.ShouldBe($"blocked: true for {prefix}");
        mirror.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_part_of_a_blocked_registry_may_be_allowed()
    {
        await using var mirror = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        mirror.Push("app", "v1", image);
        await using var bench = Bench("crio_registries: [{{prefix: quay.invalid, blocked: true}}, {{prefix: quay.invalid/team, location: '{1}', insecure: true}}]", mirror.Server.Url, mirror.Host);

        (await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("quay.invalid/team/app:v1")))).Stored.Digest.ShouldBe(image.Manifest);
    }

    [Theory]
    [InlineData("containerd_registry_auth")]
    [InlineData("crio_registry_auth")]
    public async Task Credentials_come_from_the_auth_variables(string variable)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("team/app", "v1", TestImage.Make(["a"]));
        registry.Before = c =>
        {
            if (c.Request.Headers.Authorization == "Basic " + Convert.ToBase64String("me:pw"u8))
            {
                return Task.FromResult(false);
            }

            c.Response.StatusCode = 401;
            c.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
            return Task.FromResult(true);
        };
        await using var bench = Bench($"{variable}: [{{{{registry: '{{1}}', username: me, password: pw}}}}]\ndocker_insecure_registries: ['{{1}}']", registry.Server.Url, registry.Host);

        (await bench.FetchAsync(FetchBench.Image(reference))).BytesReceived.ShouldBeGreaterThan(0);
    }

    /// <summary>A store for a host whose <c>group_vars</c> are these, with {0} for a server's URL and {1} for its host.</summary>
    private static FetchBench Bench(string variables, string url, string host)
    {
        using var cluster = new Cluster().Inventory("[kube_control_plane]\nnode1\n").File("group_vars/all.yml", string.Format(System.Globalization.CultureInfo.InvariantCulture, variables, url, host));
        var plain = FetchBench.Plain();
        return new FetchBench(plain with { Download = cluster.Downloads().Settings with { RetryStagger = plain.Download.RetryStagger } });
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=nobody", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
