using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>What holds for every form of archive, and what is particular to one.</summary>
public sealed class ImageArchiveTests
{
    private static readonly ImageReference Reference = ImageReference.Parse("registry.invalid/team/app:v1");

    public static TheoryData<string> Forms => ["oci directory", "oci tar", "oci tar.gz", "docker-save tar", "docker-save directory"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task An_image_is_taken_from_an_archive_without_asking_its_registry(string form)
    {
        var image = TestImage.Make(["a", "b"]);
        using var folder = new TemporaryFolder();
        await using var bench = new FetchBench(FetchBench.Plain() with { ImageArchives = [Write(folder, form, image, Reference)] });

        var outcome = await bench.FetchAsync(FetchBench.Image(Reference));

        outcome.Stored.Image!.Config.Digest.ShouldBe(image.Config);
        outcome.Stored.Image.Layers.Select(l => l.DiffId).ShouldBe(image.DiffIds);
        outcome.Notes.ShouldContain(n => n.StartsWith("taken from", StringComparison.Ordinal));
        outcome.Stored.Image.Layers.ShouldAllBe(l => SHA256.HashData(bench.Read(l.Blob.Digest)).SequenceEqual(Convert.FromHexString(l.Blob.Digest.Hex)));
        if (form.StartsWith("oci", StringComparison.Ordinal))
        {
            outcome.Stored.Digest.ShouldBe(image.Manifest);
        }

        (await bench.FetchAsync(FetchBench.Image(Reference))).AlreadyThere.ShouldBeTrue();
        await bench.Fetcher.DisposeAsync();
        bench.Partials().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task An_archive_with_another_image_or_platform_is_passed_over(string form)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        using var folder = new TemporaryFolder();
        var (archived, pushed) = (TestImage.Make(["archived"]), TestImage.Make(["pushed"], "arm64"));
        var reference = registry.Push("app", "v1", pushed);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host) with { ImageArchives = [Write(folder, form, archived, reference), Write(folder, form, archived, Reference)] });

        var outcome = await bench.FetchAsync(FetchBench.Image(reference, "arm64"));

        outcome.Stored.Digest.ShouldBe(pushed.Manifest);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_pinned_image_is_taken_from_an_archive_that_keeps_digests_and_else_from_its_registry(string form)
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a", "b"]);
        var reference = registry.Push("app", "v1", image);
        await using var bench = new FetchBench(FetchBench.Plain(registry.Host) with { ImageArchives = [Write(folder, form, image, reference)] });

        var outcome = await bench.FetchAsync(FetchBench.Image(reference.WithDigest(image.Manifest)));

        outcome.Stored.Digest.ShouldBe(image.Manifest);
        var keeps = form.StartsWith("oci", StringComparison.Ordinal);
        registry.Server.Requests.IsEmpty.ShouldBe(keeps);
        outcome.Notes.Any(n => n.StartsWith("the image archive has", StringComparison.Ordinal)).ShouldBe(!keeps);
    }

    [Fact]
    public async Task A_pinned_image_that_only_an_archive_without_digests_has_is_told_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a"]);
        var reference = ImageReference.Parse("127.0.0.1:1/team/app:v1");
        var archive = Write(folder, "docker-save tar", image, reference);
        await using var bench = new FetchBench(FetchBench.Plain("127.0.0.1:1") with { ImageArchives = [archive], DockerEngine = "unix:///not/there.sock" });

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference.WithDigest(image.Manifest))));

        error.Faults[0].Got!.ShouldContain("refused");
        error.Faults[1].Where!.File.ShouldBe(archive);
        error.Faults[1].Hint!.ShouldContain("skopeo copy");
        error.Faults[2].Where!.File.ShouldBe("unix:///not/there.sock");
        error.Faults[2].What.ShouldContain("pinned to a digest");
    }

    [Fact]
    public async Task A_lying_layer_of_an_archive_is_refused()
    {
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a"]);
        var path = Write(folder, "oci directory", image, Reference);
        var layer = Path.Combine(path, "blobs", "sha256", image.Layers[0].Hex);
        var bytes = await File.ReadAllBytesAsync(layer, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(layer, bytes, TestContext.Current.CancellationToken);
        await using var bench = new FetchBench(FetchBench.Plain() with { ImageArchives = [path] });

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(Reference)))).Kind.ShouldBe(ErrorKind.GiveUp);
        bench.Store.Has(image.Layers[0]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("not a tar at all, but long enough to be looked at as one")]
    [InlineData("")]
    public async Task What_is_no_archive_is_told(string text)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("x.tar"), text, TestContext.Current.CancellationToken);
        await using var bench = new FetchBench(FetchBench.Plain() with { ImageArchives = [folder.At("x.tar")] });

        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(Reference)))).Faults[0].Where!.File.ShouldBe(folder.At("x.tar"));
    }

    [Fact]
    public async Task Everything_is_taken_over_from_a_kubespray_cache()
    {
        using var folder = new TemporaryFolder();
        var (content, image) = (TestImage.Noise(5000, 5), TestImage.Make(["a", "b"]));
        Directory.CreateDirectory(folder.At("images"));
        await File.WriteAllBytesAsync(folder.At("kubelet-v1.28.6-amd64"), content, TestContext.Current.CancellationToken);
        File.Move(Write(folder, "docker-save tar", image, Reference), folder.At("images", "registry.invalid_team_app_v1.tar"));
        await using var bench = new FetchBench(FetchBench.Plain() with { KubesprayCache = folder.Path });

        var file = await bench.FetchAsync(FetchBench.File("http://registry.invalid/kubelet", content) with { Destination = "/tmp/releases/kubelet-v1.28.6-amd64" });
        var stored = await bench.FetchAsync(FetchBench.Image(Reference));

        file.Stored.Source.ShouldBe(folder.At("kubelet-v1.28.6-amd64"));
        stored.Stored.Image!.Config.Digest.ShouldBe(image.Config);
    }

    [Theory]
    [InlineData("registry.invalid/team/app:v1@{0}", "registry.invalid_team_app@sha256_{0}.tar")]
    [InlineData("registry.invalid/team/app@{0}", "registry.invalid_team_app@sha256_{0}.tar")]
    [InlineData("registry.invalid/team/app:v1@{0}", "registry.invalid_team_app_v1.tar")]
    [InlineData("nginx:1.27", "nginx_1.27.tar")]
    [InlineData("docker.io/library/nginx:1.27@{0}", "library_nginx@sha256_{0}.tar")]
    public async Task An_image_of_a_kubespray_cache_is_found_by_what_the_download_role_pulled(string reference, string name)
    {
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a", "b"]);
        var wanted = ImageReference.Parse(string.Format(CultureInfo.InvariantCulture, reference, image.Manifest));
        Directory.CreateDirectory(folder.At("images"));
        File.Move(Write(folder, "oci tar", image, wanted), folder.At("images", string.Format(CultureInfo.InvariantCulture, name, image.Manifest.Hex)));
        await using var bench = new FetchBench(FetchBench.Plain() with { KubesprayCache = folder.Path });

        (await bench.FetchAsync(FetchBench.Image(wanted))).Stored.Digest.ShouldBe(image.Manifest);
    }

    [Fact]
    public async Task An_archive_of_the_tag_is_tried_where_that_of_the_digest_has_lost_it()
    {
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a", "b"]);
        Directory.CreateDirectory(folder.At("images"));
        File.Move(Write(folder, "docker-save tar", image, Reference), folder.At("images", $"registry.invalid_team_app@sha256_{image.Manifest.Hex}.tar"));
        File.Move(Write(folder, "oci tar", image, Reference), folder.At("images", "registry.invalid_team_app_v1.tar"));
        await using var bench = new FetchBench(FetchBench.Plain() with { KubesprayCache = folder.Path });

        (await bench.FetchAsync(FetchBench.Image(Reference.WithDigest(image.Manifest)))).Stored.Digest.ShouldBe(image.Manifest);
    }

    [Fact]
    public async Task What_docker_saved_by_digest_into_a_kubespray_cache_is_told_when_nobody_else_has_the_image()
    {
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["a"]);
        var reference = ImageReference.Parse("127.0.0.1:1/team/app:v1");
        Directory.CreateDirectory(folder.At("images"));
        var archive = folder.At("images", $"127.0.0.1_1_team_app@sha256_{image.Manifest.Hex}.tar");
        File.Move(Write(folder, "docker-save tar", image, reference, named: false), archive);
        await using var bench = new FetchBench(FetchBench.Plain("127.0.0.1:1") with { KubesprayCache = folder.Path });

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.Image(reference.WithDigest(image.Manifest))));

        error.Faults[1].Where!.File.ShouldBe(archive);
        error.Faults[1].Hint!.ShouldContain("skopeo copy");
    }

    [Fact]
    public async Task A_stale_file_of_a_kubespray_cache_is_downloaded_instead()
    {
        using var folder = new TemporaryFolder();
        var content = TestImage.Noise(5000, 6);
        await File.WriteAllTextAsync(folder.At("kubelet"), "an older one", TestContext.Current.CancellationToken);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content));
        await using var bench = new FetchBench(FetchBench.Plain() with { KubesprayCache = folder.Path });

        (await bench.FetchAsync(FetchBench.File(server.Url + "/kubelet", content))).Stored.Source.ShouldBe(server.Url + "/kubelet");
    }

    [Fact]
    public async Task A_file_url_is_copied_and_verified()
    {
        using var folder = new TemporaryFolder();
        var content = TestImage.Noise(5000, 7);
        await File.WriteAllBytesAsync(folder.At("a file #1"), content, TestContext.Current.CancellationToken);
        await using var bench = new FetchBench();
        var url = new Uri(folder.At("a file #1")).AbsoluteUri;

        bench.Read((await bench.FetchAsync(FetchBench.File(url, content))).Stored.Digest).ShouldBeBytes(content);
        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File(url, [1])))).Kind.ShouldBe(ErrorKind.GiveUp);
        (await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(FetchBench.File("file:///not/there", [2])))).Kind.ShouldBe(ErrorKind.GiveUp);
    }

    private static string Write(TemporaryFolder folder, string form, TestImage image, ImageReference reference, bool named = true)
    {
        var directory = folder.At(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(directory);
        if (form.StartsWith("oci", StringComparison.Ordinal))
        {
            WriteOci(directory, image, reference);
        }
        else
        {
            WriteDockerSave(directory, image, named ? [reference.Familiar] : []);
        }

        if (form.EndsWith("directory", StringComparison.Ordinal))
        {
            return directory;
        }

        TarFile.CreateFromDirectory(directory, directory + ".tar", includeBaseDirectory: false);
        if (form.EndsWith("tar", StringComparison.Ordinal))
        {
            return directory + ".tar";
        }

        using var gzip = new GZipStream(File.Create(directory + ".tar.gz"), CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(directory + ".tar"));
        return directory + ".tar.gz";
    }

    private static void WriteOci(string directory, TestImage image, ImageReference reference)
    {
        Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        foreach (var (digest, bytes) in image.Blobs)
        {
            File.WriteAllBytes(Path.Combine(directory, "blobs", "sha256", digest.Hex), bytes);
        }

        var entry = TestImage.Descriptor(image.MediaType, image.Manifest, image.Blobs[image.Manifest].Length);
        entry["annotations"] = new JsonObject { ["io.containerd.image.name"] = reference.ToString(), ["org.opencontainers.image.ref.name"] = reference.Tag };
        File.WriteAllBytes(Path.Combine(directory, "index.json"), TestImage.Bytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(entry) }));
        File.WriteAllText(Path.Combine(directory, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
    }

    private static void WriteDockerSave(string directory, TestImage image, IReadOnlyList<string> names)
    {
        File.WriteAllBytes(Path.Combine(directory, image.Config.Hex + ".json"), image.Blobs[image.Config]);
        var layers = new JsonArray();
        foreach (var digest in image.Layers)
        {
            Directory.CreateDirectory(Path.Combine(directory, digest.Hex));
            using var tar = File.Create(Path.Combine(directory, digest.Hex, "real.tar"));
            using var gzip = new GZipStream(new MemoryStream(image.Blobs[digest]), CompressionMode.Decompress);
            gzip.CopyTo(tar);

            // As docker save links a layer that it has written before.
            File.CreateSymbolicLink(Path.Combine(directory, digest.Hex, "layer.tar"), $"../{digest.Hex}/real.tar");
            layers.Add($"{digest.Hex}/layer.tar");
        }

        File.WriteAllBytes(Path.Combine(directory, "manifest.json"), TestImage.Bytes(new JsonArray(new JsonObject
        {
            ["Config"] = image.Config.Hex + ".json",
            ["RepoTags"] = names.Count == 0 ? null : new JsonArray([.. names.Select(n => (JsonNode)n)]),
            ["Layers"] = layers,
        })));
    }
}
