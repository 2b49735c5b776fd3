using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>Images out of a real Docker engine of our own, under a temporary folder.</summary>
public sealed class DockerEngineTests
{
    [Fact]
    public async Task An_image_that_was_built_and_never_pushed_is_taken_from_the_engine()
    {
        Daemon.Need("dockerd", "docker", "skopeo");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "dockerd needs root");
        using var folder = new TemporaryFolder();
        var image = TestImage.Make(["base", "built here"]);
        await using var engine = await DockerEngine.StartAsync(folder);
        await LoadAsync(folder, image, "built.invalid/team/app:v1");
        using var store = ContentStore.Open(folder.At("cache"));
        await using var fetcher = new Fetcher(store, FetchBench.Plain() with { DockerEngine = engine.Address });

        var outcome = await fetcher.FetchAsync(FetchBench.Image(ImageReference.Parse("built.invalid/team/app:v1")), NoProgress.Instance, TestContext.Current.CancellationToken);
        var missing = await Should.ThrowAsync<KubeCacheException>(() => fetcher.FetchAsync(FetchBench.Image(ImageReference.Parse("built.invalid/team/other:v1")), NoProgress.Instance, TestContext.Current.CancellationToken));

        outcome.Stored.Image!.Layers.Select(l => l.DiffId).ShouldBe(image.DiffIds);
        outcome.Stored.Image.Config.Digest.ShouldBe(image.Config);
        missing.Message.ShouldContain("built.invalid");
    }

    private static async Task LoadAsync(TemporaryFolder folder, TestImage image, string name)
    {
        Directory.CreateDirectory(folder.At("dir"));
        await File.WriteAllTextAsync(folder.At("dir", "version"), "Directory Transport Version: 1.1\n");
        foreach (var (digest, bytes) in image.Blobs)
        {
            await File.WriteAllBytesAsync(folder.At("dir", digest == image.Manifest ? "manifest.json" : digest.Hex), bytes);
        }

        var (code, output) = await Daemon.RunAsync("skopeo", "copy", $"dir:{folder.At("dir")}", $"docker-archive:{folder.At("image.tar")}:{name}");
        code.ShouldBe(0, output);
        (code, output) = await Daemon.RunAsync("docker", "-H", "unix://" + folder.At("docker.sock"), "load", "-i", folder.At("image.tar"));
        code.ShouldBe(0, output);
    }
}
