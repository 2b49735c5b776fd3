using System.Diagnostics;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

public sealed class ResumeTests
{
    private static readonly byte[] Content = TestImage.Noise(3_000_000, 7);

    [Theory]
    [InlineData("\"v1\"", "\"v1\"")]
    [InlineData("W/\"v1\"", null)]
    public async Task Resumes_in_the_same_run_after_the_server_drops_it(string tag, string? ifRange)
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.ETag = tag;
            await (c.Request.Headers.Range.Count == 0 ? CutAsync(c, Content, 400_000) : LoopbackRegistry.WriteAsync(c, Content));
        });
        await using var bench = new FetchBench();

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        var second = server.Requests.Last();
        second["Range"]!.ShouldStartWith("bytes=");
        second["If-Range"].ShouldBe(ifRange);
        outcome.BytesReceived.ShouldBe(Content.Length);
    }

    [Fact]
    public async Task Resumes_in_the_next_run_from_the_byte_it_had()
    {
        var cut = true;
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            c.Response.Headers.ETag = "\"v1\"";
            await (cut ? CutAsync(c, Content, 500_000) : LoopbackRegistry.WriteAsync(c, Content));
        });
        var once = FetchBench.Plain();
        await using var bench = new FetchBench(once with { Download = once.Download with { Retries = 1 } });
        var file = FetchBench.File(server.Url + "/x", Content);
        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(file))).Kind.ShouldBe(ErrorKind.Retry);
        var had = new FileInfo(bench.Store.Layout.Partial(((Checksum.Known)file.Checksum!).Digest.Hex)).Length;
        had.ShouldBeGreaterThan(0);
        cut = false;
        await bench.ReopenAsync();

        var outcome = await bench.FetchAsync(file);

        server.Requests.Last()["Range"].ShouldBe($"bytes={had}-");
        server.Requests.Last()["If-Range"].ShouldBe("\"v1\"");
        outcome.BytesReceived.ShouldBe(Content.Length - had);
        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        bench.Partials().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ignores")]
    [InlineData("changed")]
    [InlineData("416")]
    [InlineData("wrong offset")]
    public async Task Starts_over_when_the_server_cannot_resume(string behaviour)
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            if (c.Request.Headers.Range.Count == 0)
            {
                await (behaviour == "done" ? LoopbackRegistry.WriteAsync(c, Content) : CutAsync(c, Content, 300_000));
                behaviour += c.Request.Headers.Range.Count == 0 && behaviour is "416" or "wrong offset" ? " " : "";
                return;
            }

            switch (behaviour.Trim())
            {
                case "416":
                    c.Response.StatusCode = 416;
                    behaviour = "done";
                    return;
                case "wrong offset":
                    c.Response.StatusCode = 206;
                    c.Response.Headers.ContentRange = $"bytes 0-{Content.Length - 1}/{Content.Length}";
                    await c.Response.Body.WriteAsync(Content);
                    behaviour = "done";
                    return;
                default:
                    c.Request.Headers.Remove("Range");
                    await LoopbackRegistry.WriteAsync(c, Content);
                    return;
            }
        });
        await using var bench = new FetchBench();

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
    }

    [Fact]
    public async Task Starts_over_when_what_was_joined_hashes_wrong()
    {
        // The content was replaced between two connections and the server does not tell.
        var old = TestImage.Noise(Content.Length, 8);
        await using var server = await LoopbackServer.StartAsync(c => c.Request.Headers.Range.Count == 0 && Interlocked.Exchange(ref old, Content) is { } first && first != Content
            ? CutAsync(c, first, 700_000)
            : LoopbackRegistry.WriteAsync(c, Content));
        await using var bench = new FetchBench();

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content));

        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        bench.Progress.Lines.ShouldContain(l => l.Contains("once more from the start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Never_joins_bytes_without_a_validator_when_the_hash_is_not_known()
    {
        var cut = true;
        await using var server = await LoopbackServer.StartAsync(c => cut ? CutAsync(c, Content, 300_000) : LoopbackRegistry.WriteAsync(c, Content));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { AllowUnverified = true, Retries = 1 } });
        var file = new FileArtifact { Name = "x", Url = server.Url + "/x" };
        await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(file));
        cut = false;

        await bench.FetchAsync(file);

        server.Requests.ShouldAllBe(r => r["Range"] == null);
    }

    [Fact]
    public async Task A_large_download_that_breaks_often_but_moves_on_uses_up_no_retries()
    {
        var large = TestImage.Noise(12_000_000, 9);
        await using var server = await LoopbackServer.StartAsync(c => CutAsync(c, large, 2_000_000));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { Retries = 2 } });

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", large));

        outcome.BytesReceived.ShouldBe(large.Length);
        server.Requests.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task Resumes_a_layer_with_a_new_token_when_the_old_one_ended()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["big"], padding: 2_000_000);
        var reference = registry.Push("a", "v1", image);
        var (tokens, cut) = (0, true);
        registry.Before = async c =>
        {
            var path = c.Request.Path.Value!;
            if (path == "/token")
            {
                c.Request.Query["scope"].ToString().ShouldBe("repository:a:pull");
                await c.Response.WriteAsync($$"""{"token":"t{{Interlocked.Increment(ref tokens)}}","expires_in":3600,"issued_at":"1999-01-01T00:00:00Z"}""");
                return true;
            }

            var valid = cut ? "Bearer t1" : "Bearer t2";
            if (c.Request.Headers.Authorization != valid)
            {
                c.Response.StatusCode = 401;
                c.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{registry.Server.Url}/token\",service=\"test\",scope=\"repository:a:pull\"";
                return true;
            }

            if (!path.EndsWith(image.Layers[0].ToString(), StringComparison.Ordinal) || !cut)
            {
                return false;
            }

            cut = false;
            await CutAsync(c, image.Blobs[image.Layers[0]], 600_000);
            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var outcome = await bench.FetchAsync(FetchBench.Image(reference));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        tokens.ShouldBe(2);
        registry.BlobRequests.Last(r => r.Path.EndsWith(image.Layers[0].ToString(), StringComparison.Ordinal))["Range"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Takes_up_what_a_killed_process_completed_but_did_not_enter()
    {
        await using var bench = new FetchBench();
        var file = FetchBench.File("http://127.0.0.1:1/never-asked", Content, "sha512");
        var digest = ((Checksum.Known)file.Checksum!).Digest;
        using (var blob = await bench.Store.AcquireAsync(new PartialRequest($"sha512-{digest.Hex[..64]}", WithSha512: true, KeepState: true), TestContext.Current.CancellationToken))
        {
            blob.Begin("http://example/x", null);
            blob.Append(Content);
            blob.Promote();
        }

        var outcome = await bench.FetchAsync(file);

        outcome.BytesReceived.ShouldBe(0);
        outcome.Stored.Source.ShouldBe("http://example/x");
        bench.Partials().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_fetcher_waits_for_the_first_and_then_has_it()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await c.Response.Body.WriteAsync(Content.AsMemory(0, 1_000_000));
            await Task.Delay(300);
            await c.Response.Body.WriteAsync(Content.AsMemory(1_000_000));
        });
        await using var bench = new FetchBench();
        using var store = ContentStore.Open(bench.Store.Directory);
        await using var other = new Cake.KubeCache.Sources.Fetcher(store, bench.Settings);
        var file = FetchBench.File(server.Url + "/x", Content);
        var first = bench.FetchAsync(file);
        while (server.Requests.IsEmpty)
        {
            await Task.Delay(10);
        }

        var second = await other.FetchAsync(file, bench.Progress, TestContext.Current.CancellationToken);

        (await first).Stored.Digest.ShouldBe(second.Stored.Digest);
        server.Requests.Count.ShouldBe(1);
        bench.Progress.Lines.ShouldContain("another process is downloading it; waiting");
    }

    /// <summary>Sends a part of what it announced and breaks the connection.</summary>
    internal static async Task CutAsync(HttpContext context, byte[] bytes, int after)
    {
        var range = context.Request.Headers.Range.ToString();
        var from = range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        Debug.Assert(from < bytes.Length);
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        context.Response.ContentLength = bytes.Length - from;
        await context.Response.Body.WriteAsync(bytes.AsMemory(from, Math.Min(after, bytes.Length - from)));
        await context.Response.Body.FlushAsync();
        if (after < bytes.Length - from)
        {
            // What was sent must arrive before the reset overtakes it.
            await Task.Delay(100);
            context.Abort();
        }
    }
}
