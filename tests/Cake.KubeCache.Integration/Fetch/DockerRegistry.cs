using System.Text.Json.Nodes;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Sources;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>Debian's docker-registry on loopback, filled by skopeo.</summary>
internal sealed class DockerRegistry : IAsyncDisposable
{
    private readonly Daemon _daemon;
    private readonly TemporaryFolder _folder;

    private DockerRegistry(Daemon daemon, TemporaryFolder folder) => (_daemon, _folder) = (daemon, folder);

    public string Host => $"127.0.0.1:{_daemon.Port}";

    /// <summary>Starts one; with Basic authentication where an htpasswd file is given.</summary>
    public static async Task<DockerRegistry> StartAsync(string? htpasswd = null)
    {
        var folder = new TemporaryFolder();
        var port = Daemon.FreePort();
        var auth = htpasswd is null ? "" : $"auth:\n  htpasswd:\n    realm: test\n    path: {htpasswd}\n";
        await File.WriteAllTextAsync(folder.At("config.yml"), $"version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {folder.At("data")}\nhttp:\n  addr: 127.0.0.1:{port}\n{auth}");
        return new DockerRegistry(await Daemon.StartAsync("docker-registry", port, "serve", folder.At("config.yml")), folder);
    }

    /// <summary>Pushes an image by skopeo, byte for byte.</summary>
    public async Task<ImageReference> PushAsync(string name, TestImage image, params string[] options)
    {
        var directory = _folder.At("dir-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "version"), "Directory Transport Version: 1.1\n");
        foreach (var (digest, bytes) in image.Blobs)
        {
            await File.WriteAllBytesAsync(Path.Combine(directory, digest == image.Manifest ? "manifest.json" : digest.Hex), bytes);
        }

        var (code, output) = await Daemon.RunAsync("skopeo", ["copy", "--dest-tls-verify=false", .. options, $"dir:{directory}", $"docker://{Host}/{name}"]);
        Assert.True(code == 0, output);
        return ImageReference.Parse($"{Host}/{name}");
    }

    /// <summary>Puts an index over images that were pushed to the same repository.</summary>
    public async Task<ImageReference> PutIndexAsync(string repository, string tag, JsonObject index)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(TestImage.Bytes(index));
        content.Headers.ContentType = new(MediaTypes.OciIndex);
        using var response = await client.PutAsync(new Uri($"http://{Host}/v2/{repository}/manifests/{tag}"), content);
        response.EnsureSuccessStatusCode();
        return ImageReference.Parse($"{Host}/{repository}:{tag}");
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }
}
