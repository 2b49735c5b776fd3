using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cake.KubeCache.Model;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>Proxies and TLS against real ones.</summary>
public sealed class ConnectionTests
{
    private static readonly byte[] Content = TestImage.Noise(50_000, 41);

    [Fact]
    public async Task A_download_goes_through_the_inventorys_proxy_with_its_credentials()
    {
        await using var proxy = await LoopbackServer.StartAsync(c =>
        {
            if (c.Request.Headers.ProxyAuthorization.Count > 0)
            {
                return LoopbackRegistry.WriteAsync(c, Content);
            }

            c.Response.StatusCode = 407;
            c.Response.Headers.ProxyAuthenticate = "Basic realm=\"proxy\"";
            return Task.CompletedTask;
        });
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = new ProxySettings($"http://me:p%40ss@{proxy.Host}", null, null, null) } });

        var outcome = await bench.FetchAsync(FetchBench.File("http://files.invalid/kubelet", Content));

        outcome.Stored.Source.ShouldBe("http://files.invalid/kubelet");
        proxy.Requests.Last()["Proxy-Authorization"].ShouldBe("Basic " + Convert.ToBase64String("me:p@ss"u8));
        proxy.Requests.Last()["Host"].ShouldBe("files.invalid");
    }

    [Fact]
    public async Task An_https_download_goes_through_a_tunnel_of_the_proxy_and_trusts_the_named_authority_there()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates("files.invalid");
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content), l => l.UseHttps(certificates.Server));
        await using var proxy = ConnectProxy.Start(new Uri(server.Url).Port, "me:p@ss");
        var plain = FetchBench.Plain();
        var by = new ProxySettings(null, $"http://me:p%40ss@127.0.0.1:{proxy.Port}", null, null);
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = by } });
        var file = FetchBench.File("https://files.invalid/kubelet", Content);

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(file));
        await bench.ReopenAsync(plain with { Download = plain.Download with { Proxy = by with { CertificateFile = folder.At("ca.pem") } } });
        var outcome = await bench.FetchAsync(file);

        error.Message.ShouldContain("not trusted");
        outcome.Stored.Source.ShouldBe("https://files.invalid/kubelet");
        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        proxy.Tunnels.ShouldBe(["files.invalid:443", "files.invalid:443"]);
        proxy.Others.ShouldBeEmpty();
        server.Requests.Single()["Proxy-Authorization"].ShouldBeNull();
    }

    [Fact]
    public async Task A_registrys_manifests_and_blobs_go_through_tunnels_of_the_proxy()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates("registry.invalid");
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a", "b"]);
        registry.Push("team/app", "v1", image);
        await using var front = await LoopbackServer.StartAsync(c => registry.AnswerAsync(c), l => l.UseHttps(certificates.Server));
        await using var proxy = ConnectProxy.Start(new Uri(front.Url).Port, "me:pw");
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = new ProxySettings(null, $"http://me:pw@127.0.0.1:{proxy.Port}", null, folder.At("ca.pem")) } });

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("registry.invalid/team/app:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        image.Layers.ShouldAllBe(l => front.Requests.Any(r => r.Path.EndsWith($"/blobs/{l}", StringComparison.Ordinal)));
        proxy.Tunnels.Distinct().ShouldBe(["registry.invalid:443"]);
        proxy.Others.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_authority_is_refused_at_once_and_a_named_one_is_trusted()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates();
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content), l => l.UseHttps(certificates.Server));
        await using var bench = new FetchBench();
        var file = FetchBench.File(server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/x", Content);

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(file));
        await bench.ReopenAsync(bench.Settings with { Download = bench.Settings.Download with { Proxy = new ProxySettings(null, null, null, folder.At("ca.pem")) } });
        var outcome = await bench.FetchAsync(file);

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("not trusted");
        outcome.BytesReceived.ShouldBe(Content.Length);
    }

    [Fact]
    public async Task A_trusted_authority_does_not_excuse_a_wrong_name()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates("elsewhere");
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content), l => l.UseHttps(certificates.Server));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = new ProxySettings(null, null, null, folder.At("ca.pem")) } });

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/x", Content)))).Kind.ShouldBe(ErrorKind.GiveUp);
    }

    [Fact]
    public async Task Certificates_are_not_judged_where_the_inventory_says_so()
    {
        using var certificates = new Certificates();
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content), l => l.UseHttps(certificates.Server));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { ValidateCertificates = false } });

        (await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content))).BytesReceived.ShouldBe(Content.Length);
    }

    [Fact]
    public async Task A_mirror_gets_its_client_certificate_and_its_own_authority()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates();
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("me.pem"), certificates.Client.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("me.key"), certificates.Client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        registry.Push("team/app", "v1", image);
        var seen = new List<string?>();
        using var pipe = new HttpClient();
        await using var mirror = await LoopbackServer.StartAsync(
            async c =>
            {
                seen.Add(c.Connection.ClientCertificate?.Subject);
                using var request = new HttpRequestMessage(new HttpMethod(c.Request.Method), registry.Server.Url + c.Request.Path);
                using var answer = await pipe.SendAsync(request);
                c.Response.StatusCode = (int)answer.StatusCode;
                c.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
                c.Response.ContentLength = answer.Content.Headers.ContentLength;
                c.Response.Headers["Docker-Content-Digest"] = answer.Headers.TryGetValues("Docker-Content-Digest", out var d) ? d.First() : default;
                await answer.Content.CopyToAsync(c.Response.Body);
            },
            l => l.UseHttps(certificates.Server, o =>
            {
                o.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                o.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == certificates.Client.Thumbprint;
            }));
        var entry = new RegistryMirror(mirror.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)) { CertificateAuthorityFile = folder.At("ca.pem"), ClientCertificateFile = folder.At("me.pem"), ClientKeyFile = folder.At("me.key") };
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Registries = [new RegistrySettings { Registry = "registry.invalid", Mirrors = [entry] }] } });

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse("registry.invalid/team/app:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        seen.ShouldAllBe(s => s == "CN=me");
    }

    [Theory]
    [InlineData("reset in the body")]
    [InlineData("end without goodbye in the body")]
    [InlineData("reset in the handshake")]
    public async Task A_TLS_connection_that_is_cut_is_retried_from_where_it_was(string cut)
    {
        using var folder = new TemporaryFolder();
        using var certificates = new Certificates();
        await File.WriteAllTextAsync(folder.At("ca.pem"), certificates.Authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        var content = TestImage.Noise(3_000_000, 42);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content), l => l.UseHttps(certificates.Server));
        var body = cut.EndsWith("body", StringComparison.Ordinal);
        await using var proxy = CuttingProxy.Start(new Uri(server.Url).Port, body ? 1_000_000 : 200, reset: cut.StartsWith("reset", StringComparison.Ordinal));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = new ProxySettings(null, null, null, folder.At("ca.pem")) } });

        var outcome = await bench.FetchAsync(FetchBench.File($"https://localhost:{proxy.Port}/x", content));

        bench.Read(outcome.Stored.Digest).ShouldBeBytes(content);
        proxy.Cuts.ShouldBe(1);
        bench.Progress.Lines.Count.ShouldBe(1);
        outcome.BytesReceived.ShouldBe(content.Length);
        if (body)
        {
            server.Requests.Last()["Range"]!.ShouldStartWith("bytes=");
        }
    }

    [Fact]
    public async Task A_certificate_file_that_is_missing_is_wrong_input()
    {
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Proxy = new ProxySettings(null, null, null, "/not/there.pem") } });

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File("https://localhost:1/x", Content)));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Faults[0].Where!.File.ShouldBe("/not/there.pem");
    }

    [Fact]
    public async Task A_refused_connection_is_retried_and_then_told()
    {
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File("http://127.0.0.1:1/x", Content)));

        error.Kind.ShouldBe(ErrorKind.Retry);
        error.Faults[0].Got!.ShouldContain("refused");
        bench.Progress.Lines.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Passwords_in_a_url_are_sent_but_never_kept_or_printed()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = c.Request.Headers.Authorization == "Basic " + Convert.ToBase64String("u:hunter2"u8) ? 200 : 401;
            return c.Response.StatusCode == 200 ? c.Response.Body.WriteAsync(Content).AsTask() : Task.CompletedTask;
        });
        await using var bench = new FetchBench();
        var url = server.Url.Replace("http://", "http://u:hunter2@", StringComparison.Ordinal) + "/x";

        await bench.FetchAsync(FetchBench.File(url, Content));
        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(url, [1])));

        error.ToString().ShouldNotContain("hunter2");
        (await File.ReadAllTextAsync(bench.Store.Layout.Manifest, TestContext.Current.CancellationToken)).ShouldNotContain("hunter2");
    }

    /// <summary>An authority, a server's certificate for a name, and a client's.</summary>
    private sealed class Certificates : IDisposable
    {
        public Certificates(string name = "localhost")
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            (Server, Client) = (Sign(name), Sign("me"));
        }

        public X509Certificate2 Authority { get; }

        public X509Certificate2 Server { get; }

        public X509Certificate2 Client { get; }

        public void Dispose()
        {
            Authority.Dispose();
            Server.Dispose();
            Client.Dispose();
        }

        private X509Certificate2 Sign(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            using var signed = request.Create(Authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
            using var whole = signed.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
    }
}
