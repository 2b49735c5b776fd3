using System.Diagnostics;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

public sealed class FaultyServerTests
{
    private static readonly byte[] Content = TestImage.Noise(400_000, 3);

    [Fact]
    public async Task A_body_shorter_than_announced_is_an_error_that_may_pass()
    {
        await using var server = await LoopbackServer.StartAsync(c => ResumeTests.CutAsync(c, Content, c.Request.Headers.Range.Count == 0 ? 100_000 : 0));
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/x", Content)));

        error.Kind.ShouldBe(ErrorKind.Retry);
        bench.Store.Snapshot().Artifacts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_layer_longer_than_its_descriptor_is_given_up_before_it_fills_the_disk()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        var reference = registry.Push("a", "v1", image);
        registry.Before = async c =>
        {
            if (!c.Request.Path.Value!.EndsWith(image.Layers[0].ToString(), StringComparison.Ordinal))
            {
                return false;
            }

            // Without a length: it would go on for ever.
            while (!c.RequestAborted.IsCancellationRequested)
            {
                await c.Response.Body.WriteAsync(Content, c.RequestAborted);
                await Task.Delay(1, c.RequestAborted);
            }

            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference)));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Expected.ShouldBe($"{image.Blobs[image.Layers[0]].Length} bytes");
        bench.Progress.Advanced.ShouldBeLessThanOrEqualTo(image.Blobs[image.Config].Length + image.Blobs[image.Layers[0]].Length);
        File.Exists(bench.Store.Layout.Partial(image.Layers[0].Hex)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_stalls_or_drips_is_left_and_resumed(bool drips)
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            if (c.Request.Headers.Range.Count > 0)
            {
                await LoopbackRegistry.WriteAsync(c, Content);
                return;
            }

            c.Response.ContentLength = Content.Length;
            await c.Response.Body.WriteAsync(Content.AsMemory(0, 100_000));
            for (var i = 100_000; !c.RequestAborted.IsCancellationRequested; i++)
            {
                await Task.Delay(20);
                if (drips)
                {
                    await c.Response.Body.WriteAsync(Content.AsMemory(i, 1));
                }
            }
        });
        await using var bench = new FetchBench(FetchBench.Plain() with { StallTimeout = TimeSpan.FromMilliseconds(500) });
        var watch = Stopwatch.StartNew();

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        server.Requests.Last()["Range"].ShouldNotBeNull();
        bench.Progress.Lines.ShouldContain(l => l.Contains("next to no bytes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_an_error_that_may_pass()
    {
        await using var server = await LoopbackServer.StartAsync(c => Task.Delay(Timeout.Infinite, c.RequestAborted));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { StallTimeout = TimeSpan.FromMilliseconds(300), Download = plain.Download with { Retries = 1 } });

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/x", Content)))).Kind.ShouldBe(ErrorKind.Retry);
    }

    [Fact]
    public async Task A_server_error_that_passes_is_retried()
    {
        var answers = 0;
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            if (Interlocked.Increment(ref answers) == 1)
            {
                c.Response.StatusCode = 500;
                return;
            }

            await LoopbackRegistry.WriteAsync(c, Content);
        });
        await using var bench = new FetchBench();

        await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        answers.ShouldBe(2);
        bench.Progress.Lines.Single().ShouldStartWith("attempt 1 of 4 failed (HTTP 500");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_After_is_waited_for_by_the_servers_own_clock(bool asDate)
    {
        var watch = new Stopwatch();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            if (!watch.IsRunning)
            {
                watch.Start();
                c.Response.StatusCode = 429;

                // A server whose clock is years behind.
                var now = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
                c.Response.Headers.Date = now.ToString("r");
                c.Response.Headers.RetryAfter = asDate ? now.AddSeconds(1).ToString("r") : "1";
                return;
            }

            watch.Stop();
            await LoopbackRegistry.WriteAsync(c, Content);
        });
        await using var bench = new FetchBench();

        await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        watch.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_redirect_loop_ends()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.Redirect(c.Request.Path == "/a" ? "/b" : "/a");
            return Task.CompletedTask;
        });
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/a", Content)));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Got!.ShouldStartWith("a redirect loop");
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_registrys_credentials_do_not_follow_a_redirect_to_its_blob_store()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        var reference = registry.Push("a", "v1", image);
        await using var blobs = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, image.Blobs[Digest.Parse(c.Request.Path.Value![1..])]));
        registry.Before = c =>
        {
            if (c.Request.Headers.Authorization != "Basic dTpw")
            {
                c.Response.StatusCode = 401;
                c.Response.Headers.WWWAuthenticate = "Basic realm=\"r\"";
                return Task.FromResult(true);
            }

            var path = c.Request.Path.Value!;
            if (path.Contains("/blobs/", StringComparison.Ordinal))
            {
                c.Response.Redirect($"{blobs.Url}/{path[(path.IndexOf("/blobs/", StringComparison.Ordinal) + 7)..]}", false, true);
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Registries = [new RegistrySettings { Registry = registry.Host, PlainHttp = true, Username = "u", Password = Secret.From("p") }] } });

        await bench.FetchAsync(FetchBench.Image(reference));

        blobs.Requests.Count.ShouldBe(2);
        blobs.Requests.ShouldAllBe(r => r["Authorization"] == null);
    }

    [Fact]
    public async Task A_config_larger_than_sane_is_refused_without_being_downloaded()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(image.Blobs[image.Manifest])!.AsObject();
        manifest["config"]!["size"] = 100L * 1024 * 1024 * 1024;
        registry.Add(image);
        var reference = registry.PushIndex("a", "v1", manifest, MediaTypes.OciManifest);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference)));

        error.Message.ShouldContain("larger than is sane");
        registry.BlobRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_manifest_without_end_is_refused()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        registry.Before = async c =>
        {
            if (c.Request.Method == "GET")
            {
                while (!c.RequestAborted.IsCancellationRequested)
                {
                    await c.Response.Body.WriteAsync(Content, c.RequestAborted);
                    await Task.Delay(1, c.RequestAborted);
                }
            }

            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(ImageReference.Parse($"{registry.Host}/a:v1"))))).Message.ShouldContain("too large");
    }

    [Fact]
    public async Task An_index_with_ten_thousand_entries_is_read_quickly()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        registry.Add(image);
        var index = LoopbackRegistry.Index([.. Enumerable.Range(0, 10_000).Select(i => (image, i == 9_999 ? "riscv64" : $"arch{i}"))]);
        var reference = registry.PushIndex("a", "v1", index);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await bench.FetchAsync(FetchBench.Image(reference, "riscv64"))).Stored.Digest.ShouldBe(image.Manifest);
    }

    [Fact]
    public async Task Names_and_annotations_that_climb_out_of_the_store_are_only_names()
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(image.Blobs[image.Manifest])!.AsObject();
        manifest["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.opencontainers.image.title"] = "../../../evil", ["org.opencontainers.image.ref.name"] = "/etc/passwd" };
        registry.Add(image);
        var reference = registry.PushIndex("a", "v1", manifest, MediaTypes.OciManifest);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        await bench.FetchAsync(FetchBench.Image(reference));
        await bench.FetchAsync(FetchBench.File(server.Url + "/..%2f..%2fevil", Content));

        Directory.GetFiles(bench.Folder.Path, "*", SearchOption.AllDirectories).ShouldAllBe(f => f.StartsWith(bench.Store.Directory, StringComparison.Ordinal));
        Directory.GetFiles(bench.Store.Layout.Blobs).ShouldAllBe(f => Path.GetFileName(f).Length == 64);
        File.ReadAllText(bench.Store.Layout.Index).ShouldNotContain("..");
    }

    [Fact]
    public async Task A_descriptor_whose_digest_is_a_path_is_refused()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var manifest = System.Text.Json.Nodes.JsonNode.Parse("""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:../../../etc/passwd","size":2},"layers":[]}""")!.AsObject();
        var reference = registry.PushIndex("a", "v1", manifest, MediaTypes.OciManifest);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference)))).Message.ShouldContain("without a valid digest");
    }

    [Fact]
    public async Task A_cache_of_a_newer_version_is_refused_and_left_alone()
    {
        await using var bench = new FetchBench();
        Directory.CreateDirectory(bench.Store.Directory);
        var text = """{"schemaVersion": 99, "artifacts": "in a form that nobody knows yet"}""";
        await File.WriteAllTextAsync(bench.Store.Layout.Manifest, text, TestContext.Current.CancellationToken);

        var error = Should.Throw<KubeCacheException>(() => ContentStore.Open(bench.Store.Directory));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Message.ShouldContain("newer version");
        error.Faults[0].Hint!.ShouldContain("--cache");
        (await File.ReadAllTextAsync(bench.Store.Layout.Manifest, TestContext.Current.CancellationToken)).ShouldBe(text);
    }

    [Fact]
    public async Task A_file_that_cannot_fit_is_refused_before_it_is_downloaded()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.ContentLength = long.MaxValue / 2;
            await c.Response.Body.WriteAsync(Content);
            await Task.Delay(Timeout.Infinite, c.RequestAborted);
        });
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/x", Content)));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("does not fit");
    }

    [Fact]
    public async Task An_image_that_cannot_fit_is_refused_before_its_first_layer_is_asked_for()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["small", "large"], change: manifest => manifest["layers"]![1]!["size"] = 1L << 60);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(registry.Push("a", "v1", image))));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("does not fit");
        registry.BlobRequests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_server_sends_beyond_the_announced_length_goes_into_no_file()
    {
        var other = TestImage.Noise(1000, 4);
        await using var server = RawServer.Start(path =>
        [
            .. Answer(path == "/x" ? Content : other),

            // What the next request on this connection would take for its answer.
            .. Answer([6, 6, 6]),
        ]);
        await using var bench = new FetchBench();

        var first = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));
        var second = await bench.FetchAsync(FetchBench.File(server.Url + "/y", other));

        bench.Read(first.Stored.Digest).ShouldBeBytes(Content);
        bench.Read(second.Stored.Digest).ShouldBeBytes(other);
        bench.Progress.Lines.ShouldBeEmpty();
        server.Connections.ShouldBe(2);

        static byte[] Answer(byte[] body) => [.. System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }

    [Fact]
    public async Task Cancelling_one_of_two_who_wait_for_a_download_leaves_the_other_alone()
    {
        var go = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await go.Task;
            await LoopbackRegistry.WriteAsync(c, Content);
        });
        await using var bench = new FetchBench();
        using var impatient = new CancellationTokenSource();
        var file = FetchBench.File(server.Url + "/x", Content);
        var first = bench.Fetcher.FetchAsync(file, NoProgress.Instance, impatient.Token);
        while (server.Requests.IsEmpty)
        {
            await Task.Delay(10);
        }

        var second = bench.FetchAsync(file);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        go.SetResult();

        (await second).Stored.Size.ShouldBe(Content.Length);
        server.Requests.Count.ShouldBe(1);
    }
}
