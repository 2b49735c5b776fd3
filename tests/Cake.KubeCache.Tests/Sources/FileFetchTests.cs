using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

public sealed class FileFetchTests
{
    private static readonly byte[] Content = TestImage.Noise(300_000, 1);

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Stores_a_file_that_hashes_right(string algorithm)
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        await using var bench = new FetchBench();
        var file = FetchBench.File(server.Url + "/v1/kubelet", Content, algorithm);

        var outcome = await bench.FetchAsync(file);

        outcome.AlreadyThere.ShouldBeFalse();
        outcome.BytesReceived.ShouldBe(Content.Length);
        outcome.Stored.Size.ShouldBe(Content.Length);
        outcome.Stored.Source.ShouldBe(server.Url + "/v1/kubelet");
        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
        bench.Progress.Advanced.ShouldBe(Content.Length);
        bench.Progress.Expected.ShouldBe(Content.Length);
        bench.Partials().ShouldBeEmpty();
    }

    [Fact]
    public async Task Asks_no_server_for_what_the_store_has()
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        await using var bench = new FetchBench();
        var file = FetchBench.File(server.Url + "/kubelet", Content);
        await bench.FetchAsync(file);
        await bench.ReopenAsync();

        var again = await bench.FetchAsync(file);

        again.AlreadyThere.ShouldBeTrue();
        again.BytesReceived.ShouldBe(0);
        server.Requests.Count.ShouldBe(1);
        bench.Store.Snapshot().TryGet(file, out var stored).ShouldBeTrue();
        stored.ShouldBe(again.Stored);
    }

    [Fact]
    public async Task Stores_nothing_of_a_file_that_hashes_wrong_and_tells_both_hashes()
    {
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content[1..]));
        await using var bench = new FetchBench();
        var file = FetchBench.File(server.Url + "/kubelet", Content);

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(file));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Expected.ShouldBe(((Checksum.Known)file.Checksum!).Digest.ToString());
        error.Faults[0].Got!.ShouldContain("(299999 bytes)");
        error.Faults[0].Where!.File.ShouldBe(server.Url + "/kubelet");
        server.Requests.Count.ShouldBe(1);
        bench.Store.Snapshot().Artifacts.ShouldBeEmpty();
        Directory.Exists(bench.Store.Layout.Blobs).ShouldBeFalse();
        bench.Partials().ShouldBeEmpty();
    }

    [Fact]
    public async Task Takes_the_next_mirror_when_one_gives_the_wrong_content()
    {
        await using var wrong = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, [1, 2, 3]));
        await using var right = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        await using var bench = new FetchBench();

        var outcome = await bench.FetchAsync(FetchBench.File(wrong.Url + "/a", Content) with { Mirrors = [right.Url + "/b"] });

        outcome.Stored.Source.ShouldBe(right.Url + "/b");
        bench.Read(outcome.Stored.Digest).ShouldBeBytes(Content);
    }

    [Fact]
    public async Task Downloads_once_what_many_ask_for_at_once()
    {
        await using var server = await LoopbackServer.StartAsync(async c =>
        {
            await Task.Delay(50);
            await LoopbackRegistry.WriteAsync(c, Content);
        });
        await using var bench = new FetchBench();
        var file = FetchBench.File(server.Url + "/kubelet", Content);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => bench.FetchAsync(file with { Name = $"name{i}" })));

        server.Requests.Count.ShouldBe(1);
        outcomes.Sum(o => o.BytesReceived).ShouldBe(Content.Length);
    }

    [Fact]
    public async Task Refuses_a_file_without_a_checksum_and_says_how_to_allow_it()
    {
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(new FileArtifact { Name = "thing", Url = "http://localhost:1/x" }));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Message.ShouldContain("thing_checksum");
        error.Message.ShouldContain("kubecache_allow_unverified");
    }

    [Fact]
    public async Task Locks_an_allowed_file_without_a_checksum_at_first_use()
    {
        var content = Content;
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content));
        var plain = FetchBench.Plain();
        await using var bench = new FetchBench(plain with { Download = plain.Download with { AllowUnverified = true } });
        var file = new FileArtifact { Name = "thing", Url = server.Url + "/x" };

        var first = await bench.FetchAsync(file);
        content = [4, 5];
        var second = await bench.FetchAsync(file);
        await bench.ReopenAsync(bench.Settings with { Refresh = true });
        var refreshed = await bench.FetchAsync(file);

        first.Notes.ShouldContain(n => n.Contains(first.Stored.Digest.ToString(), StringComparison.Ordinal));
        second.Stored.ShouldBe(first.Stored);
        refreshed.Stored.Digest.ShouldNotBe(first.Stored.Digest);
        refreshed.Notes.ShouldContain(n => n.StartsWith("the content changed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404, ErrorKind.GiveUp, 1)]
    [InlineData(403, ErrorKind.GiveUp, 1)]
    [InlineData(401, ErrorKind.GiveUp, 1)]
    [InlineData(500, ErrorKind.Retry, 4)]
    [InlineData(429, ErrorKind.Retry, 4)]
    public async Task Retries_only_what_may_work_later(int status, ErrorKind kind, int requests)
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(server.Url + "/x", Content)));

        error.Kind.ShouldBe(kind);
        error.Faults[0].Got!.ShouldStartWith($"HTTP {status}");
        server.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task Sends_the_items_credentials_when_asked_and_not_to_another_host()
    {
        await using var other = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, Content));
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = c.Request.Headers.Authorization == "Basic dTpw" ? 302 : 401;
            c.Response.Headers.Location = other.Url + "/signed?X-Signature=abc";
            return Task.CompletedTask;
        });
        await using var bench = new FetchBench();

        var outcome = await bench.FetchAsync(FetchBench.File(server.Url + "/x", Content) with { Username = "u", Password = Secret.From("p") });

        server.Requests.Select(r => r["Authorization"]).ShouldBe([null, "Basic dTpw"]);
        other.Requests.Single()["Authorization"].ShouldBeNull();
        outcome.Stored.Source.ShouldBe(other.Url + "/signed?…");
    }
}
