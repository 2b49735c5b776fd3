using System.Text.Json.Nodes;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>From a real registry into the store, and out of it with a tool that we did not write.</summary>
public sealed class RegistryInteropTests
{
    [Fact]
    public async Task Skopeo_reads_every_image_of_the_store_by_its_full_reference()
    {
        Daemon.Need("docker-registry", "skopeo");
        await using var registry = await DockerRegistry.StartAsync();
        using var folder = new TemporaryFolder();
        var (oci, docker, amd, arm) = (TestImage.Make(["a", "b"]), TestImage.Make(["a", "c"], docker: true), TestImage.Make(["amd"]), TestImage.Make(["arm"], "arm64"));
        var plain = await registry.PushAsync("team/oci:v1", oci);
        var schema2 = await registry.PushAsync("team/docker:v1", docker);
        await registry.PushAsync("team/multi:amd", amd);
        await registry.PushAsync("team/multi:arm", arm);
        var multi = await registry.PutIndexAsync("team/multi", "v1", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.OciIndex,
            ["manifests"] = new JsonArray(LoopbackRegistry.Entry(amd, "amd64"), LoopbackRegistry.Entry(arm, "arm64")),
        });
        var pinned = plain.WithDigest(oci.Manifest);
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain(registry.Host));

        await Task.WhenAll(new[] { FetchBench.Image(plain), FetchBench.Image(schema2), FetchBench.Image(pinned), FetchBench.Image(multi), FetchBench.Image(multi, "arm64") }
            .Select(i => fetcher.FetchAsync(i, NoProgress.Instance, TestContext.Current.CancellationToken)));

        foreach (var (reference, architecture, layers) in new[] { (plain, "amd64", oci.Layers), (schema2, "amd64", docker.Layers), (pinned, "amd64", oci.Layers), (multi, "amd64", amd.Layers), (multi, "arm64", arm.Layers) })
        {
            var name = $"oci:{store.Directory}:{reference}";
            var (code, output) = await Daemon.RunAsync("skopeo", "inspect", "--override-arch", architecture, name);
            code.ShouldBe(0, output);
            JsonNode.Parse(output)!["Architecture"]!.GetValue<string>().ShouldBe(architecture);
            JsonNode.Parse(output)!["Layers"]!.AsArray().Select(l => l!.GetValue<string>()).ShouldBe(layers.Select(l => l.ToString()));

            (code, output) = await Daemon.RunAsync("skopeo", "copy", "--override-arch", architecture, name, $"dir:{folder.At("out-" + Guid.NewGuid().ToString("N"))}");
            code.ShouldBe(0, output);
        }
    }

    [Fact]
    public async Task Asks_a_registry_that_wants_a_password()
    {
        Daemon.Need("docker-registry", "skopeo");
        using var folder = new TemporaryFolder();

        // user "u", password "p"
        await File.WriteAllTextAsync(folder.At("htpasswd"), "u:$2b$05$c71J2FH3XaRis4.3n2iHFeT3OB0EqFeY3y5xp0bRx7rtlzZz4YYW.\n", TestContext.Current.CancellationToken);
        await using var registry = await DockerRegistry.StartAsync(folder.At("htpasswd"));
        var reference = await registry.PushAsync("private:v1", TestImage.Make(["secret"]), "--dest-creds=u:p");
        using var store = ContentStore.Open(folder.At("cache"));
        var settings = FetchBench.Plain();
        settings = settings with { Download = settings.Download with { Registries = [new RegistrySettings { Registry = registry.Host, PlainHttp = true, Username = "u", Password = Secret.From("p") }] } };
        await using var fetcher = new Fetcher(store, settings);
        await using var stranger = new Fetcher(store, FetchBench.Plain(registry.Host));

        var refused = await Should.ThrowAsync<KubeCacheException>(() => stranger.FetchAsync(FetchBench.Image(reference), NoProgress.Instance, TestContext.Current.CancellationToken));
        var outcome = await fetcher.FetchAsync(FetchBench.Image(reference), NoProgress.Instance, TestContext.Current.CancellationToken);

        refused.Kind.ShouldBe(ErrorKind.GiveUp);
        outcome.Stored.Image!.Layers.Count.ShouldBe(1);
    }
}
