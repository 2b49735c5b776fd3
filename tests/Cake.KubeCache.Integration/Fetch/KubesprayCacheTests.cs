using System.IO.Compression;
using System.Security.Cryptography;
using Cake.KubeCache.Integration.Provisioning;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>A folder as Kubespray's download role leaves it, taken over by the build host where no server answers.</summary>
public sealed class KubesprayCacheTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_and_compressed_images_are_taken_over_without_asking_anybody(bool compressed)
    {
        Daemon.Need("skopeo");
        using var folder = new TemporaryFolder();
        var (content, image) = (TestImage.Noise(60_000, 5), TestImage.Make(["a", "b"], docker: true));
        Directory.CreateDirectory(folder.At("kubespray_cache", "images"));
        await File.WriteAllBytesAsync(folder.At("kubespray_cache", "kubelet-1.36.4-amd64"), content, TestContext.Current.CancellationToken);
        await SaveAsync(folder, image, "docker.io/library/nginx:1.27", folder.At("kubespray_cache", "images", "docker.io_library_nginx_1.27.tar"), compressed);
        folder.Write("catalogue/downloads.yml", $$"""
            local_release_dir: /tmp/releases
            downloads:
              kubelet:
                enabled: true
                file: true
                url: "http://files.invalid/kubelet"
                checksum: "sha256:{{Convert.ToHexStringLower(SHA256.HashData(content))}}"
                dest: "/tmp/releases/kubelet-1.36.4-amd64"
                groups: [k8s_cluster]
              nginx:
                enabled: true
                container: true
                repo: docker.io/library/nginx
                tag: "1.27"
                groups: [k8s_cluster]
            """);
        folder.Write("inventory/hosts.ini", "[kube_node]\nn1 ansible_connection=local container_manager=containerd\n[k8s_cluster:children]\nkube_node\n");
        folder.Write("inventory/group_vars/all.yml", "download_retries: 1\nhttp_proxy: http://127.0.0.1:1\nhttps_proxy: http://127.0.0.1:1\n");

        var run = await BuildHostProgram.RunAsync(
            ["--target=Fetch", $"--inventory={folder.At("inventory", "hosts.ini")}", $"--catalogue={folder.At("catalogue")}", $"--cache={folder.At("cache")}", $"--kubespray-cache={folder.At("kubespray_cache")}"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        using var store = ContentStore.Open(folder.At("cache"));
        var stored = store.Snapshot().Artifacts.Values.ToList();
        stored.Single(a => a.Image is null).Digest.ShouldBe(Digest.Sha256(SHA256.HashData(content)));
        stored.Single(a => a.Image is not null).Image!.Layers.Select(l => l.DiffId).ShouldBe(image.DiffIds);
        (await new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken)).Bad.ShouldBeEmpty();
    }

    /// <summary>As <c>docker save</c> writes it, which the role pipes through gzip without changing the name.</summary>
    private static async Task SaveAsync(TemporaryFolder folder, TestImage image, string name, string path, bool compressed)
    {
        Directory.CreateDirectory(folder.At("dir"));
        await File.WriteAllTextAsync(folder.At("dir", "version"), "Directory Transport Version: 1.1\n");
        foreach (var (digest, bytes) in image.Blobs)
        {
            await File.WriteAllBytesAsync(folder.At("dir", digest == image.Manifest ? "manifest.json" : digest.Hex), bytes);
        }

        var (code, output) = await Daemon.RunAsync("skopeo", "copy", $"dir:{folder.At("dir")}", $"docker-archive:{folder.At("plain.tar")}:{name}");
        code.ShouldBe(0, output);
        if (!compressed)
        {
            File.Move(folder.At("plain.tar"), path);
            return;
        }

        await using var target = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await using var source = File.OpenRead(folder.At("plain.tar"));
        await source.CopyToAsync(target);
    }
}
