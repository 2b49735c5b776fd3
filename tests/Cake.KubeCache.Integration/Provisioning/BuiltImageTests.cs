using Cake.KubeCache.Integration.Fetch;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Integration.Packaging;
using Shouldly;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>A user's Cake build that makes an image and hands it to the cache: docker build, fetch from the engine, push, and what the kubelet would see.</summary>
[Collection(LabCollection.Name)]
public sealed class BuiltImageTests(LabFixture lab, PackedAddin addin) : IClassFixture<PackedAddin>
{
    [Fact]
    public async Task An_image_that_a_build_makes_reaches_a_node_as_one_more_artifact()
    {
        lab.Require();
        using var engineFolder = new TemporaryFolder();
        await using var engine = await DockerEngine.StartAsync(engineFolder);
        var name = $"built.invalid/t{Guid.NewGuid():N}/app:v1";
        using var script = await CakeScript.CreateAsync(addin, $$"""
            #addin nuget:?package=Cake.KubeCache&version={version}

            var settings = new KubeCacheSettings
            {
                Inventories = { "inventory/hosts.ini" }, Catalogue = "catalogue", Cache = "cache",
                KnownHosts = "{{lab.KnownHosts}}", DockerEngine = "{{engine.Address}}",
            };
            settings.Artifacts.Add(new ExtraArtifact(new ImageArtifact { Name = "app", Reference = ImageReference.Parse("{{name}}"), Platform = Platform.LinuxAmd64 }) { Groups = new[] { "kube_node" } });
            KubeCacheTargets(settings, prefix: "K-");

            Task("Image").Does(() =>
            {
                var code = StartProcess("docker", new ProcessSettings { Arguments = "-H {{engine.Address}} build -t {{name}} image", EnvironmentVariables = new Dictionary<string, string> { ["DOCKER_BUILDKIT"] = "0" } });
                if (code != 0) throw new CakeException("docker build failed");
            });
            Task("Deploy").IsDependentOn("Image").IsDependentOn("K-Provision").Does(() => Information("deployed"));
            RunTarget(Argument("target", "Deploy"));
            """);
        script.Folder.Write("image/Dockerfile", "FROM scratch\nCOPY hello /hello\nCMD [\"/hello\"]\n");
        script.Folder.Write("image/hello", name);
        script.Folder.Write("catalogue/downloads.yml", "local_release_dir: /opt/releases\ndownloads: {}\n");
        script.Folder.Write("inventory/hosts.ini", $"""
            [kube_node]
            n1 ansible_host=127.0.0.1 ansible_port={lab.PortOf(1)} ansible_user=root ansible_ssh_private_key_file={lab.KeyFile} container_manager=containerd
            [k8s_cluster:children]
            kube_node
            """);

        var run = await script.RunAsync();

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("deployed");
        (await lab.OnAsync(1, "ctr -n k8s.io images check")).ShouldContain(name);
        (await CriImagesAsync()).ShouldContain(name);

        var again = await script.RunAsync();
        again.ExitCode.ShouldBe(0, again.Everything);
        again.Output.ShouldMatch(@"K-Push-n1\s+-\s+Skipped\s+up to date");
    }

    // What a kubelet asks: ListImages of the CRI, an empty message in gRPC's framing (five zero bytes) over HTTP/2.
    private Task<string> CriImagesAsync() => lab.OnAsync(
        1,
        "printf '\\0\\0\\0\\0\\0' | curl -sS --max-time 10 --http2-prior-knowledge --unix-socket /run/containerd/containerd.sock -H 'content-type: application/grpc' -H 'te: trailers' --data-binary @- http://localhost/runtime.v1.ImageService/ListImages | tr -c '[:print:]' '\\n'");
}
