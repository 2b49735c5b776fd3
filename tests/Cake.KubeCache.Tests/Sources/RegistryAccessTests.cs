using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Registry;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>Credentials, mirrors and names, against a registry that wants a token.</summary>
public sealed class RegistryAccessTests
{
    [Fact]
    public async Task Everything_but_the_first_request_to_a_registry_carries_a_token()
    {
        await using var guarded = await GuardedRegistry.StartAsync();
        var (one, two) = (guarded.Registry.Push("one", "v1", TestImage.Make(["a", "b"])), guarded.Registry.Push("two", "v1", TestImage.Make(["a", "c"])));
        await using var bench = new FetchBench(FetchBench.Plain(guarded.Host));

        await bench.FetchAsync(FetchBench.Image(one));
        await bench.FetchAsync(FetchBench.Image(two));

        guarded.Registry.Server.Requests.Count(r => r.Path.StartsWith("/v2/", StringComparison.Ordinal) && r["Authorization"] is null).ShouldBe(1);
        guarded.TokenRequests.Select(r => r.Query).ShouldBe(["?service=loopback&scope=repository%3Aone%3Apull", "?service=loopback&scope=repository%3Atwo%3Apull"]);
    }

    [Fact]
    public async Task The_inventorys_password_is_sent_to_the_token_service()
    {
        await using var guarded = await GuardedRegistry.StartAsync();
        var reference = guarded.Registry.Push("one", "v1", TestImage.Make(["a"]));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Registries = [new RegistrySettings { Registry = guarded.Host, PlainHttp = true, Username = "user", Password = Secret.From("p:w") }] } });

        await bench.FetchAsync(FetchBench.Image(reference));

        guarded.TokenRequests.Single()["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("user:p:w"u8));
    }

    [Fact]
    public async Task An_identity_token_is_exchanged_by_post()
    {
        await using var guarded = await GuardedRegistry.StartAsync();
        var reference = guarded.Registry.Push("one", "v1", TestImage.Make(["a"]));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Registries = [new RegistrySettings { Registry = guarded.Host, PlainHttp = true, IdentityToken = Secret.From("refresh-me") }] } });

        await bench.FetchAsync(FetchBench.Image(reference));

        guarded.TokenRequests.Single().Method.ShouldBe("POST");
        guarded.LastForm.ShouldContain("grant_type=refresh_token");
        guarded.LastForm.ShouldContain("refresh_token=refresh-me");
    }

    [Theory]
    [InlineData("auths")]
    [InlineData("credHelpers")]
    [InlineData("credsStore")]
    public async Task Dockers_config_gives_credentials(string form)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the helper of this test is a shell script");
            return;
        }

        await using var guarded = await GuardedRegistry.StartAsync();
        var reference = guarded.Registry.Push("one", "v1", TestImage.Make(["a"]));
        using var folder = new TemporaryFolder();
        var text = form switch
        {
            "auths" => $$"""{"auths":{"{{guarded.Host}}":{"auth":"{{Convert.ToBase64String("user:secret"u8)}}" } } }""",
            "credHelpers" => $$$"""{"credHelpers":{"{{{guarded.Host}}}":"test"}}""",
            _ => """{"auths":{"other.example":{}},"credsStore":"test"}""",
        };
        await File.WriteAllTextAsync(folder.At("config.json"), text, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("docker-credential-test"), $"#!/bin/sh\nread server\n[ \"$1 $server\" = \"get {guarded.Host}\" ] || exit 1\necho '{{\"ServerURL\":\"x\",\"Username\":\"user\",\"Secret\":\"secret\"}}'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(folder.At("docker-credential-test"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        await using var bench = new FetchBench(FetchBench.Plain(guarded.Host) with { Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = folder.Path, ["PATH"] = folder.Path + ":/bin:/usr/bin" } });

        await bench.FetchAsync(FetchBench.Image(reference));

        guarded.TokenRequests.Single()["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("user:secret"u8));
    }

    [Theory]
    [InlineData("credHelpers")]
    [InlineData("credsStore")]
    public async Task A_credential_helper_is_asked_for_Docker_Hub_by_the_name_that_docker_login_gave_it(string form)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the helper of this test is a shell script");
            return;
        }

        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("config.json"), form == "credsStore" ? """{"credsStore":"test"}""" : """{"credHelpers":{"https://index.docker.io/v1/":"test"}}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.At("docker-credential-test"), "#!/bin/sh\nread server\n[ \"$1 $server\" = 'get https://index.docker.io/v1/' ] || exit 1\necho '{\"Username\":\"<token>\",\"Secret\":\"refresh-me\"}'\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(folder.At("docker-credential-test"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var book = new CredentialBook(new Dictionary<string, string> { ["DOCKER_CONFIG"] = folder.Path, ["PATH"] = folder.Path + ":/bin:/usr/bin" });

        var found = await book.FindAsync("registry-1.docker.io", []);

        found!.IdentityToken!.Reveal().ShouldBe("refresh-me");
    }

    [Fact]
    public async Task A_missing_credential_helper_is_named()
    {
        await using var guarded = await GuardedRegistry.StartAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("config.json"), """{"credsStore":"nowhere"}""", TestContext.Current.CancellationToken);
        await using var bench = new FetchBench(FetchBench.Plain(guarded.Host) with { Environment = new Dictionary<string, string> { ["DOCKER_CONFIG"] = folder.Path, ["PATH"] = folder.Path } });

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(guarded.Registry.Push("one", "v1", TestImage.Make(["a"])))));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Message.ShouldContain("docker-credential-nowhere");
    }

    [Fact]
    public async Task Refused_credentials_are_not_tried_again_and_not_printed()
    {
        await using var guarded = await GuardedRegistry.StartAsync();
        guarded.Refuse = true;
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Registries = [new RegistrySettings { Registry = guarded.Host, PlainHttp = true, Username = "user", Password = Secret.From("hunter2") }] } });

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(guarded.Registry.Push("one", "v1", TestImage.Make(["a"])))));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        guarded.TokenRequests.Count.ShouldBe(1);
        error.ToString().ShouldNotContain("hunter2");
        error.ToString().ShouldNotContain(Convert.ToBase64String("user:hunter2"u8));
    }

    [Theory]
    [InlineData("", "team/app", "/v2/team/app/")]
    [InlineData("cache/hub", "team/app", "/v2/cache/hub/team/app/")]
    public async Task Mirrors_are_asked_in_order_and_before_the_registry(string prefix, string repository, string path)
    {
        await using var dead = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var mirror = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        mirror.Push((prefix + "/" + repository).TrimStart('/'), "v1", image);
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with
        {
            Download = plain.Download with
            {
                Registries = [new RegistrySettings { Registry = "registry.invalid", Mirrors = [new RegistryMirror(dead.Url, Prefix: prefix), new RegistryMirror(mirror.Server.Url, Prefix: prefix)] }],
            },
        });

        var outcome = await bench.FetchAsync(FetchBench.Image(ImageReference.Parse($"registry.invalid/{repository}:v1")));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        outcome.Stored.Source.ShouldStartWith(mirror.Host);
        mirror.Server.Requests.ShouldAllBe(r => r.Path.StartsWith(path, StringComparison.Ordinal) && r.Query == "?ns=registry.invalid");
        bench.Progress.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plain_http_is_never_tried_unless_it_is_named()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("a", "v1", TestImage.Make(["a"]));
        await using var bench = new FetchBench();

        await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference)));

        registry.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_registry_without_head_is_asked_by_get()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        var reference = registry.Push("a", "v1", image);
        registry.Before = c =>
        {
            var head = c.Request.Method == "HEAD";
            c.Response.StatusCode = head ? 405 : 200;
            return Task.FromResult(head);
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host) with { Refresh = true });

        (await bench.FetchAsync(FetchBench.Image(reference))).Stored.Digest.ShouldBe(image.Manifest);
        var again = await bench.FetchAsync(FetchBench.Image(reference));

        again.AlreadyThere.ShouldBeTrue();
        bench.Store.Manifest.Artifacts.Single().Value.Image!.Resolutions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_digest_pinned_image_is_asked_for_by_its_digest_only()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"]);
        var reference = registry.Push("a", "v1", image).WithDigest(image.Manifest);
        registry.Push("a", "v1", TestImage.Make(["moved"]));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await bench.FetchAsync(FetchBench.Image(reference))).Stored.Digest.ShouldBe(image.Manifest);

        registry.Server.Requests.ShouldNotContain(r => r.Path.EndsWith("/manifests/v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_registry_says_about_its_limits_is_noted()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("a", "v1", TestImage.Make(["a"]));
        registry.Before = c =>
        {
            c.Response.Headers["ratelimit-limit"] = "100;w=21600";
            c.Response.Headers["ratelimit-remaining"] = "76;w=21600";
            return Task.FromResult(false);
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await bench.FetchAsync(FetchBench.Image(reference))).Notes.ShouldContain($"{registry.Host}: 76 of 100 pulls left");
    }

    /// <summary>A registry behind a token service of its own.</summary>
    private sealed class GuardedRegistry : IAsyncDisposable
    {
        public LoopbackRegistry Registry { get; private set; } = null!;

        public string Host => Registry.Host;

        public bool Refuse { get; set; }

        public string LastForm { get; private set; } = "";

        public IReadOnlyList<SeenRequest> TokenRequests => [.. Registry.Server.RequestsTo("/token")];

        public static async Task<GuardedRegistry> StartAsync()
        {
            var guarded = new GuardedRegistry { Registry = await LoopbackRegistry.StartAsync() };
            guarded.Registry.Before = guarded.GuardAsync;
            return guarded;
        }

        public ValueTask DisposeAsync() => Registry.DisposeAsync();

        private async Task<bool> GuardAsync(HttpContext context)
        {
            if (context.Request.Path == "/token")
            {
                using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
                LastForm = await reader.ReadToEndAsync();
                var scope = context.Request.Query["scope"].ToString() is { Length: > 0 } asked ? asked : Uri.UnescapeDataString(LastForm);
                context.Response.StatusCode = Refuse ? 401 : 200;
                await context.Response.WriteAsync(Refuse ? "{}" : $$"""{"access_token":"{{(scope.Contains(":one:", StringComparison.Ordinal) ? "one" : "two")}}"}""");
                return true;
            }

            var repository = context.Request.Path.Value!.Split('/')[2];
            if (context.Request.Headers.Authorization == "Bearer " + repository)
            {
                return false;
            }

            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Registry.Server.Url}/token\",service=\"loopback\",scope=\"repository:{repository}:pull\"";
            return true;
        }
    }
}
