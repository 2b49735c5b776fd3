using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Tests.Store;

/// <summary>
/// The store against the rules of the OCI image-spec 1.1 (image-layout.md, descriptor.md, image-index.md, manifest.md, annotations.md),
/// from <c>oci-layout</c> down to the last blob.
/// </summary>
public sealed partial class OciLayoutRulesTests
{
    private const string EmptyDigest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    [Fact]
    public async Task Everything_that_the_index_names_is_there_and_as_the_specification_wants_it()
    {
        await using var bench = await FilledAsync();

        var layout = JsonNode.Parse(await File.ReadAllBytesAsync(bench.Store.Layout.Marker, TestContext.Current.CancellationToken))!;
        var index = JsonNode.Parse(await File.ReadAllBytesAsync(bench.Store.Layout.Index, TestContext.Current.CancellationToken))!;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var descriptors = Index(bench, index, seen);

        layout["imageLayoutVersion"]!.GetValue<string>().ShouldBe("1.0.0");
        var names = descriptors.Select(d => d["annotations"]?["org.opencontainers.image.ref.name"]?.GetValue<string>()).OfType<string>().ToList();
        names.ShouldBeUnique();
        names.ShouldAllBe(n => RefName().IsMatch(n));
        names.Count.ShouldBe(5);
        Directory.GetFiles(bench.Store.Layout.Blobs).Select(f => "sha256:" + Path.GetFileName(f)).ShouldBe(seen, ignoreOrder: true);
    }

    [Fact]
    public async Task A_file_is_an_artifact_by_its_type_with_the_empty_config_and_its_name_as_title()
    {
        await using var bench = await FilledAsync();
        var index = JsonNode.Parse(await File.ReadAllBytesAsync(bench.Store.Layout.Index, TestContext.Current.CancellationToken))!;

        var entry = index["manifests"]!.AsArray().Single(m => m!["artifactType"] is not null)!;
        var manifest = JsonNode.Parse(bench.Read(Digest.Parse(entry["digest"]!.GetValue<string>())))!;

        manifest["artifactType"]!.GetValue<string>().ShouldBe(entry["artifactType"]!.GetValue<string>());
        manifest["config"]!["mediaType"]!.GetValue<string>().ShouldBe("application/vnd.oci.empty.v1+json");
        manifest["config"]!["digest"]!.GetValue<string>().ShouldBe(EmptyDigest);
        manifest["config"]!["size"]!.GetValue<int>().ShouldBe(2);
        manifest["layers"]!.AsArray().Single()!["annotations"]!["org.opencontainers.image.title"]!.GetValue<string>().ShouldBe("kubelet, v1 (amd64)");
    }

    /// <summary>A file, an OCI and a Docker image, one of two platforms, one with zstd layers.</summary>
    private static async Task<FetchBench> FilledAsync()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        var content = TestImage.Noise(5000, 61);
        await using var server = await LoopbackServer.StartAsync(c => LoopbackRegistry.WriteAsync(c, content));
        var (oci, docker, amd, arm, zstd) = (TestImage.Make(["a", "b"]), TestImage.Make(["a", "c"], docker: true), TestImage.Make(["amd"]), TestImage.Make(["arm"], "arm64"), TestImage.Make(["z"], compression: "zstd"));
        registry.Add(amd);
        registry.Add(arm);
        var multi = registry.PushIndex("team/multi", "v1", LoopbackRegistry.Index((amd, "amd64"), (arm, "arm64")));
        var bench = new FetchBench(FetchBench.Plain(registry.Host));
        await bench.FetchAsync(FetchBench.File(server.Url + "/kubelet,%20v1%20(amd64)", content));
        await bench.FetchAsync(FetchBench.Image(registry.Push("team/oci", "v1", oci)));
        await bench.FetchAsync(FetchBench.Image(registry.Push("team/docker", "v1", docker)));
        await bench.FetchAsync(FetchBench.Image(registry.Push("team/zstd", "v1", zstd)));
        await bench.FetchAsync(FetchBench.Image(multi));
        await bench.FetchAsync(FetchBench.Image(multi, "arm64"));
        return bench;
    }

    private static List<JsonNode> Index(FetchBench bench, JsonNode index, HashSet<string> seen)
    {
        index["schemaVersion"]!.GetValue<int>().ShouldBe(2);
        index["mediaType"]!.GetValue<string>().ShouldBe(MediaTypes.OciIndex);
        var descriptors = index["manifests"]!.AsArray().Select(m => m!).ToList();
        foreach (var descriptor in descriptors)
        {
            var content = Descriptor(bench, descriptor, seen);
            if (descriptor["platform"] is { } platform)
            {
                platform["os"]!.GetValue<string>().ShouldNotBeEmpty();
                platform["architecture"]!.GetValue<string>().ShouldNotBeEmpty();
            }

            switch (descriptor["mediaType"]!.GetValue<string>())
            {
                case MediaTypes.OciIndex:
                    Index(bench, JsonNode.Parse(content)!, seen);
                    break;
                case MediaTypes.OciManifest:
                    Manifest(bench, JsonNode.Parse(content)!, seen);
                    break;
                default:
                    // A Docker original lies beside its OCI manifest, and readers must ignore a media type that they do not know.
                    descriptor["mediaType"]!.GetValue<string>().ShouldBe(MediaTypes.DockerManifest);
                    descriptor["annotations"].ShouldBeNull();
                    break;
            }
        }

        return descriptors;
    }

    private static void Manifest(FetchBench bench, JsonNode manifest, HashSet<string> seen)
    {
        manifest["schemaVersion"]!.GetValue<int>().ShouldBe(2);
        manifest["mediaType"]!.GetValue<string>().ShouldBe(MediaTypes.OciManifest);
        var config = manifest["config"]!;
        Descriptor(bench, config, seen);
        var layers = manifest["layers"]!.AsArray();
        layers.Count.ShouldBeGreaterThan(0);
        foreach (var layer in layers)
        {
            Descriptor(bench, layer!, seen);
        }

        if (config["mediaType"]!.GetValue<string>() == MediaTypes.OciConfig)
        {
            layers.ShouldAllBe(l => LayerType().IsMatch(l!["mediaType"]!.GetValue<string>()));
        }
        else
        {
            // "If the config.mediaType is set to the empty value, artifactType MUST be defined."
            config["mediaType"]!.GetValue<string>().ShouldBe("application/vnd.oci.empty.v1+json");
            MediaType().IsMatch(manifest["artifactType"]!.GetValue<string>()).ShouldBeTrue();
        }
    }

    private static byte[] Descriptor(FetchBench bench, JsonNode descriptor, HashSet<string> seen)
    {
        MediaType().IsMatch(descriptor["mediaType"]!.GetValue<string>()).ShouldBeTrue();
        var digest = descriptor["digest"]!.GetValue<string>();
        Digest256().IsMatch(digest).ShouldBeTrue();
        var content = bench.Read(Digest.Parse(digest));
        descriptor["size"]!.GetValue<long>().ShouldBe(content.Length);
        ("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content))).ShouldBe(digest);
        foreach (var (key, value) in descriptor["annotations"]?.AsObject() ?? [])
        {
            key.ShouldNotBeEmpty();
            value!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.String);
        }

        seen.Add(digest);
        return content;
    }

    // annotations.md: ref ::= component ("/" component)*, component ::= alphanum (separator alphanum)*, separator ::= [-._:@+] | "--".
    [GeneratedRegex("^[A-Za-z0-9]+((--|[-._:@+])[A-Za-z0-9]+)*(/[A-Za-z0-9]+((--|[-._:@+])[A-Za-z0-9]+)*)*$")]
    private static partial Regex RefName();

    // RFC 6838, 4.2.
    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$")]
    private static partial Regex MediaType();

    [GeneratedRegex("^application/vnd\\.oci\\.image\\.layer\\.(nondistributable\\.)?v1\\.tar(\\+gzip|\\+zstd)?$")]
    private static partial Regex LayerType();

    [GeneratedRegex("^sha256:[a-f0-9]{64}$")]
    private static partial Regex Digest256();
}
