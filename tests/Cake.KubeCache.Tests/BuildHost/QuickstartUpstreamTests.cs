using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Build.Upstream;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

public sealed class QuickstartUpstreamTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private QuickstartUpstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);
        _http.BaseAddress = new Uri(_upstream.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Answers_a_range_of_a_file_with_the_entity_tag_of_the_whole()
    {
        var whole = await _http.GetAsync("/phrasebook/phrasebook-2025.1.tar.gz");
        var bytes = await whole.Content.ReadAsByteArrayAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/phrasebook/phrasebook-2025.1.tar.gz");
        request.Headers.Range = new RangeHeaderValue(1000, 1999);
        request.Headers.IfRange = new RangeConditionHeaderValue(whole.Headers.ETag!);

        var part = await _http.SendAsync(request);

        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.Length.ShouldBe(bytes.Length);
        (await part.Content.ReadAsByteArrayAsync()).ShouldBe(bytes[1000..2000]);
    }

    [Fact]
    public async Task Sends_the_whole_file_when_the_entity_tag_of_a_range_request_is_another()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hello/v1.0.0/amd64/hello");
        request.Headers.Range = new RangeHeaderValue(5, null);
        request.Headers.IfRange = new RangeConditionHeaderValue("\"of-another-file\"");

        (await _http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/hello/v9.9.9/amd64/hello")]
    [InlineData("/v2/demo/greeter/manifests/v9.9.9")]
    [InlineData("/v2/demo/greeter/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/v2/demo/nothing/tags/list")]
    public async Task What_is_not_there_is_404(string path) =>
        (await _http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Every_digest_that_an_image_names_is_the_digest_of_what_is_served()
    {
        foreach (var architecture in new[] { "amd64", "arm64" })
        {
            var manifest = await ManifestAsync("demo/greeter", "v1.1.0", architecture);
            var config = JsonNode.Parse(await BlobAsync("demo/greeter", manifest["config"]!))!;
            config["architecture"]!.GetValue<string>().ShouldBe(architecture);
            var diffIds = config["rootfs"]!["diff_ids"]!.AsArray().Select(id => id!.GetValue<string>()).ToList();
            var layers = manifest["layers"]!.AsArray();
            layers.Count.ShouldBe(3);
            for (var i = 0; i < layers.Count; i++)
            {
                using var tar = new GZipStream(new MemoryStream(await BlobAsync("demo/greeter", layers[i]!)), CompressionMode.Decompress);
                Digest.Sha256(await SHA256.HashDataAsync(tar)).ToString().ShouldBe(diffIds[i]);
            }
        }
    }

    [Fact]
    public async Task Versions_of_an_image_share_all_layers_but_the_last()
    {
        var old = Layers(await ManifestAsync("demo/greeter", "v1.0.0", "amd64"));
        var next = Layers(await ManifestAsync("demo/greeter", "v1.1.0", "amd64"));

        next[..2].ShouldBe(old[..2]);
        next[2].ShouldNotBe(old[2]);
        Layers(await ManifestAsync("demo/clock", "v1.0", "amd64"))[0].ShouldBe(old[0]);
    }

    [Fact]
    public async Task Lists_the_tags_of_a_repository()
    {
        var list = JsonNode.Parse(await _http.GetStringAsync("/v2/demo/greeter/tags/list"))!;

        list["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()).ShouldBe(["v1.0.0", "v1.1.0", "v2.0.0"]);
    }

    [Fact]
    public async Task A_head_request_names_the_digest_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v2/demo/clock/manifests/v1.0");
        var head = await _http.SendAsync(request);
        var body = await _http.GetByteArrayAsync("/v2/demo/clock/manifests/v1.0");

        head.Headers.GetValues("Docker-Content-Digest").Single().ShouldBe(Digest.Sha256(SHA256.HashData(body)).ToString());
        head.Content.Headers.ContentLength.ShouldBe(body.Length);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_upstream_serves_the_same_bytes()
    {
        await using var second = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);

        foreach (var path in new[] { "/v2/demo/greeter/manifests/v2.0.0", "/phrasebook/phrasebook-2024.1.tar.gz" })
        {
            (await _http.GetByteArrayAsync(second.Url + path)).ShouldBe(await _http.GetByteArrayAsync(path));
        }
    }

    private static List<string> Layers(JsonNode manifest) =>
        [.. manifest["layers"]!.AsArray().Select(layer => layer!["digest"]!.GetValue<string>())];

    private async Task<JsonNode> ManifestAsync(string repository, string tag, string architecture)
    {
        var index = JsonNode.Parse(await _http.GetByteArrayAsync($"/v2/{repository}/manifests/{tag}"))!;
        var descriptor = index["manifests"]!.AsArray().Single(m => m!["platform"]!["architecture"]!.GetValue<string>() == architecture)!;
        var bytes = await _http.GetByteArrayAsync($"/v2/{repository}/manifests/{descriptor["digest"]}");
        Digest.Sha256(SHA256.HashData(bytes)).ToString().ShouldBe(descriptor["digest"]!.GetValue<string>());
        return JsonNode.Parse(bytes)!;
    }

    private async Task<byte[]> BlobAsync(string repository, JsonNode descriptor)
    {
        var bytes = await _http.GetByteArrayAsync($"/v2/{repository}/blobs/{descriptor["digest"]}");
        bytes.Length.ShouldBe(descriptor["size"]!.GetValue<int>());
        Digest.Sha256(SHA256.HashData(bytes)).ToString().ShouldBe(descriptor["digest"]!.GetValue<string>());
        return bytes;
    }
}
