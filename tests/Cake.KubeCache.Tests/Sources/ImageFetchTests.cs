using System.Text.Json.Nodes;
using Cake.KubeCache.Model;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

public sealed class ImageFetchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stores_an_image_with_its_parts(bool docker)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["base", "app"], docker: docker);
        var reference = registry.Push("team/app", "v1", image);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var outcome = await bench.FetchAsync(FetchBench.Image(reference));
        await bench.ReopenAsync();

        bench.Store.Snapshot().TryGet(FetchBench.Image(reference), out var stored).ShouldBeTrue();
        stored!.Digest.ShouldBe(image.Manifest);
        stored.Size.ShouldBe(image.Blobs.Values.Sum(b => b.Length));
        outcome.BytesReceived.ShouldBe(stored.Size - image.Blobs[image.Manifest].Length);
        stored.Image!.MediaType.ShouldBe(image.MediaType);
        stored.Image.Config.Digest.ShouldBe(image.Config);
        stored.Image.Layers.Select(l => l.Blob.Digest).ShouldBe(image.Layers);
        stored.Image.Layers.Select(l => l.DiffId).ShouldBe(image.DiffIds);
        stored.Image.Layers[0].ChainId.ShouldBe(image.DiffIds[0]);
        stored.Image.Layers[1].ChainId.ShouldBe(Digest.Sha256(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"{image.DiffIds[0]} {image.DiffIds[1]}"))));
        image.Blobs.ShouldAllBe(b => bench.Read(b.Key).SequenceEqual(b.Value));
        bench.Progress.Advanced.ShouldBe(outcome.BytesReceived);
        bench.Progress.Expected.ShouldBe(outcome.BytesReceived);
    }

    [Fact]
    public async Task Asks_no_registry_for_what_the_store_has()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var reference = registry.Push("a", "v1", TestImage.Make(["x"]));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));
        await bench.FetchAsync(FetchBench.Image(reference));
        var asked = registry.Server.Requests.Count;
        await bench.ReopenAsync();

        (await bench.FetchAsync(FetchBench.Image(reference))).AlreadyThere.ShouldBeTrue();

        registry.Server.Requests.Count.ShouldBe(asked);
    }

    [Fact]
    public async Task Downloads_a_layer_once_that_images_share()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var references = Enumerable.Range(0, 6).Select(i => registry.Push($"app{i}", "v1", TestImage.Make(["shared base", $"own {i}"], padding: 50_000))).ToList();
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var outcomes = await Task.WhenAll(references.Select(r => bench.FetchAsync(FetchBench.Image(r))));

        registry.BlobRequests.Count.ShouldBe(1 + 6 + 6);
        registry.BlobRequests.Select(r => r.Path[r.Path.IndexOf("sha256", StringComparison.Ordinal)..]).ShouldBeUnique();
        outcomes.ShouldAllBe(o => !o.AlreadyThere);
    }

    [Fact]
    public async Task Takes_only_the_platform_of_an_index_and_keeps_platforms_apart()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var (amd, arm) = (TestImage.Make(["amd"]), TestImage.Make(["arm"], "arm64", docker: true));
        registry.Add(amd);
        registry.Add(arm);
        var reference = registry.PushIndex("multi", "v1", LoopbackRegistry.Index((amd, "amd64"), (arm, "arm64")));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var first = await bench.FetchAsync(FetchBench.Image(reference));
        registry.BlobRequests.Select(r => r.Path).ShouldAllBe(p => amd.Blobs.Keys.Any(d => p.EndsWith(d.ToString(), StringComparison.Ordinal)));
        var second = await bench.FetchAsync(FetchBench.Image(reference, "arm64"));

        first.Stored.Digest.ShouldBe(amd.Manifest);
        second.Stored.Digest.ShouldBe(arm.Manifest);
        bench.Store.Snapshot().Artifacts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Looks_into_an_index_inside_an_index()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        registry.Add(image);
        var inner = LoopbackRegistry.Index((image, "amd64"));
        var digest = registry.AddIndex(inner);
        var outer = LoopbackRegistry.Index();
        outer["manifests"]!.AsArray().Add(TestImage.Descriptor(MediaTypes.OciIndex, digest, TestImage.Bytes(inner).Length));
        var reference = registry.PushIndex("nested", "v1", outer);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        (await bench.FetchAsync(FetchBench.Image(reference))).Stored.Digest.ShouldBe(image.Manifest);
    }

    [Fact]
    public async Task Names_the_platforms_that_an_index_has_when_the_wanted_one_is_missing()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        registry.Add(image);
        var reference = registry.PushIndex("multi", "v1", LoopbackRegistry.Index((image, "amd64"), (image, "s390x")));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference, "arm64")));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Got.ShouldBe("linux/amd64, linux/s390x");
    }

    [Fact]
    public async Task Refuses_a_layer_whose_digest_lies()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["honest", "lying"]);
        var reference = registry.Push("a", "v1", image);
        registry.Before = async c =>
        {
            if (!c.Request.Path.Value!.EndsWith(image.Layers[1].ToString(), StringComparison.Ordinal))
            {
                return false;
            }

            var lie = (byte[])image.Blobs[image.Layers[1]].Clone();
            lie[^1] ^= 1;
            await LoopbackRegistry.WriteAsync(c, lie);
            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference)));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain(image.Layers[1].ToString());
        bench.Store.Snapshot().Artifacts.ShouldBeEmpty();
        bench.Store.Has(image.Layers[1]).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_a_manifest_whose_digest_lies()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["x"]);
        registry.Push("a", "v1", image);
        registry.Before = async c =>
        {
            if (c.Request.Method == "HEAD" || !c.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
            {
                return false;
            }

            c.Response.ContentType = MediaTypes.OciManifest;
            await c.Response.Body.WriteAsync(TestImage.Make(["other"]).Blobs.Values.Last());
            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(ImageReference.Parse($"{registry.Host}/a:v1"))));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Expected.ShouldBe(image.Manifest.ToString());
    }

    [Fact]
    public async Task Resolves_a_tag_anew_only_when_asked_to_and_tells_that_it_moved()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var (before, after) = (TestImage.Make(["one"]), TestImage.Make(["two"]));
        var reference = registry.Push("a", "latest", before);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));
        var image = FetchBench.Image(reference);
        await bench.FetchAsync(image);
        registry.Push("a", "latest", after);

        (await bench.FetchAsync(image)).Stored.Digest.ShouldBe(before.Manifest);
        await bench.ReopenAsync(bench.Settings with { Download = bench.Settings.Download with { AlwaysPull = true } });
        var moved = await bench.FetchAsync(image);
        var still = await bench.FetchAsync(image);

        moved.Stored.Digest.ShouldBe(after.Manifest);
        moved.Notes.ShouldContain(n => n.StartsWith($"the tag moved: {before.Manifest}", StringComparison.Ordinal));
        still.AlreadyThere.ShouldBeTrue();
        still.Notes.ShouldBeEmpty();
        bench.Store.Manifest.Artifacts.Single().Value.Image!.Resolutions.Select(r => r.Digest).ShouldBe([before.Manifest.ToString(), after.Manifest.ToString()]);
    }

    [Fact]
    public async Task Refresh_resolves_a_moved_tag_anew_and_notes_when_and_without_it_nobody_is_asked()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var (before, after) = (TestImage.Make(["one"]), TestImage.Make(["two"]));
        var reference = registry.Push("a", "v1", before);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));
        var image = FetchBench.Image(reference);
        await bench.FetchAsync(image);
        registry.Push("a", "v1", after);
        var asked = registry.Server.Requests.Count;

        await bench.ReopenAsync();
        (await bench.FetchAsync(image)).Stored.Digest.ShouldBe(before.Manifest);
        registry.Server.Requests.Count.ShouldBe(asked);

        var refreshedAt = DateTimeOffset.UtcNow;
        await bench.ReopenAsync(bench.Settings with { Refresh = true });
        var moved = await bench.FetchAsync(image);
        asked = registry.Server.Requests.Count;
        await bench.ReopenAsync();
        var later = await bench.FetchAsync(image);

        moved.AlreadyThere.ShouldBeFalse();
        moved.Notes.ShouldContain(n => n.StartsWith($"the tag moved: {before.Manifest}", StringComparison.Ordinal) && n.EndsWith($"became {after.Manifest}", StringComparison.Ordinal));
        later.Stored.Digest.ShouldBe(after.Manifest);
        registry.Server.Requests.Count.ShouldBe(asked);
        var entry = bench.Store.Manifest.Artifacts.Single().Value;
        entry.Digest.ShouldBe(after.Manifest.ToString());
        entry.Image!.Resolutions.Select(r => r.Digest).ShouldBe([before.Manifest.ToString(), after.Manifest.ToString()]);
        entry.Image.Resolutions[1].At.ShouldBeGreaterThanOrEqualTo(refreshedAt);
        entry.Image.Resolutions[0].At.ShouldBeLessThan(refreshedAt);
    }

    [Fact]
    public async Task Refresh_asks_nobody_for_an_image_that_is_pinned_to_a_digest()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var made = TestImage.Make(["one"]);
        var image = FetchBench.Image(registry.Push("a", "v1", made).WithDigest(made.Manifest));
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host) with { Refresh = true });
        await bench.FetchAsync(image);
        var asked = registry.Server.Requests.Count;

        (await bench.FetchAsync(image)).AlreadyThere.ShouldBeTrue();

        registry.Server.Requests.Count.ShouldBe(asked);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("none")]
    public async Task Keeps_layers_of_every_compression_as_they_came(string compression)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a", "b"], compression: compression);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var outcome = await bench.FetchAsync(FetchBench.Image(registry.Push("a", "v1", image)));

        outcome.Stored.Image!.Layers.Select(l => l.DiffId).ShouldBe(image.DiffIds);
        outcome.Stored.Image.Layers.Select(l => l.Blob.MediaType).Distinct().ShouldBe([compression switch { "gzip" => MediaTypes.OciLayerGzip, "zstd" => MediaTypes.OciLayerTar + "+zstd", _ => MediaTypes.OciLayerTar }]);
        image.Layers.ShouldAllBe(l => bench.Read(l).SequenceEqual(image.Blobs[l]));
    }

    [Fact]
    public async Task Leaves_annotations_subjects_and_unknown_fields_as_they_are_and_asks_for_no_referrers()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var image = TestImage.Make(["a"], change: manifest =>
        {
            manifest["annotations"] = new JsonObject { ["org.opencontainers.image.created"] = "2026-01-01T00:00:00Z", ["com.example.own"] = "\u00e4 <b>" };
            manifest["subject"] = TestImage.Descriptor(MediaTypes.OciManifest, Digest.Sha256(new string('a', 64)), 7);
            manifest["com.example.unknown"] = new JsonArray(1, 2);
        });
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var outcome = await bench.FetchAsync(FetchBench.Image(registry.Push("a", "v1", image)));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        bench.Read(image.Manifest).ShouldBeBytes(image.Blobs[image.Manifest]);
        registry.Server.Requests.ShouldAllBe(r => !r.Path.Contains("/referrers/") && !r.Path.Contains(new string('a', 64)));
    }

    [Fact]
    public async Task Refuses_schema_1_with_a_clear_word()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        registry.Before = async c =>
        {
            c.Response.ContentType = MediaTypes.DockerSchema1Signed;
            if (c.Request.Method == "GET")
            {
                await c.Response.WriteAsync("""{"schemaVersion":1,"name":"a","fsLayers":[]}""");
            }

            return true;
        };
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host));

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(ImageReference.Parse($"{registry.Host}/a:v1"))));

        error.Message.ShouldContain("schema 1");
    }
}
