using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Shouldly;
using YamlDotNet.RepresentationModel;

namespace Cake.KubeCache.Tests.Recipes;

/// <summary>The catalogue of this repository: whatever is switched on has a place, a version and a checksum.</summary>
public sealed class KubernetesCatalogueTests : IDisposable
{
    private static readonly string Catalogue = RepositoryRoot.Of("recipes/kubernetes");
    private static readonly string[] Machines = ["x86_64", "aarch64"];

    private readonly TemporaryFolder _folder = new();

    public KubernetesCatalogueTests() => _folder.Write("hosts.ini", """
        [kube_control_plane]
        node1
        [etcd]
        node1
        [kube_node]
        node2
        [k8s_cluster:children]
        kube_control_plane
        kube_node
        """);

    /// <summary>Every Kubernetes version that has checksums.</summary>
    public static TheoryData<string> Versions => [.. Keys("checksums-kubernetes.yml", "kubelet_checksums", "amd64")];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public void Everything_that_can_be_enabled_evaluates_for_every_release_and_architecture(string version)
    {
        foreach (var (runtime, network) in new[] { ("containerd", "calico"), ("crio", "cilium"), ("docker", "flannel") })
        {
            string[] sets =
            [
                .. Switches().Select(name => $"{name}=true"),
                $"kube_version={version}", $"container_manager={runtime}", $"kube_network_plugin={network}",
            ];
            foreach (var downloads in Evaluate(sets))
            {
                downloads.Warnings.Select(w => w.ToString()).ShouldBeEmpty();
                downloads.Artifacts.ShouldNotBeEmpty();
                downloads.Artifacts.OfType<FileArtifact>().ShouldAllBe(f => f.Checksum is Checksum.Known && f.Url.StartsWith("https://") && f.Destination!.StartsWith("/tmp/releases/"));
            }
        }
    }

    [Fact]
    public void A_plain_cluster_gets_what_a_cluster_is_made_of()
    {
        var byHost = Evaluate([]).Select(d => d.Artifacts.Select(a => a.Name).ToHashSet()).ToList();

        new[] { "kubeadm", "kubelet", "kubectl", "etcd", "cni", "containerd", "runc", "crictl", "nerdctl", "calicoctl", "calico_node", "coredns", "pod_infra", "nodelocaldns" }.Except(byHost[0]).ShouldBeEmpty();
        new[] { "kubeadm", "kubelet", "cni", "containerd", "calico_cni", "nginx" }.Except(byHost[1]).ShouldBeEmpty();
        byHost[1].ShouldNotContain("etcd");
        byHost[1].ShouldNotContain("kubectl");
        byHost[0].ShouldNotContain("metrics_server");
    }

    [Theory]
    [InlineData("1.36", "3.6.", "v1.14.2")]
    [InlineData("1.34", "3.5.", "v1.12.1")]
    public void A_release_decides_over_what_goes_with_it(string release, string etcd, string coreDns)
    {
        var version = Versions.First(v => v.Data.StartsWith(release + ".", StringComparison.Ordinal)).Data;

        var artifacts = Evaluate([$"kube_version={version}"])[0].Artifacts;

        artifacts.OfType<FileArtifact>().Single(a => a.Name == "etcd").Url.ShouldContain($"/v{etcd}");
        artifacts.OfType<ImageArtifact>().Single(a => a.Name == "coredns").Reference.Tag.ShouldBe(coreDns);
        artifacts.OfType<FileArtifact>().Single(a => a.Name == "kubelet").Url.ShouldBe($"https://dl.k8s.io/release/v{version}/bin/linux/amd64/kubelet");
    }

    [Fact]
    public void The_control_plane_s_images_follow_from_the_version()
    {
        var images = Evaluate(["kube_version=1.35.1"])[0].Artifacts.OfType<ImageArtifact>().Select(i => i.Reference.Familiar).ToList();

        images.ShouldContain("registry.k8s.io/kube-apiserver:v1.35.1");
        images.ShouldContain("registry.k8s.io/kube-controller-manager:v1.35.1");
        images.ShouldContain("registry.k8s.io/kube-scheduler:v1.35.1");
    }

    [Fact]
    public void Registries_and_servers_can_be_pointed_at_mirrors()
    {
        var artifacts = Evaluate([
            "kube_image_repo=mirror.example/k8s", "docker_image_repo=mirror.example/hub", "quay_image_repo=mirror.example/quay",
            "dl_k8s_io_url=https://files.example/k8s", "github_url=https://files.example/github"])[0].Artifacts;

        artifacts.OfType<ImageArtifact>().ShouldAllBe(i => i.Reference.Registry == "mirror.example");
        artifacts.OfType<FileArtifact>().ShouldAllBe(f => f.Url.StartsWith("https://files.example/"));
    }

    [Fact]
    public void Both_architectures_have_a_checksum_for_every_version()
    {
        foreach (var file in Directory.GetFiles(Catalogue, "checksums-*.yml"))
        {
            foreach (var (name, architectures) in Read(file))
            {
                var versions = ((YamlMappingNode)architectures).Children.Select(a => ((YamlMappingNode)a.Value).Children.Keys.Select(k => k.ToString()).ToList()).ToList();
                versions.ShouldAllBe(v => v.SequenceEqual(versions[0]), name.ToString());
            }
        }
    }

    private List<HostDownloads> Evaluate(IReadOnlyList<string> sets)
    {
        var config = ConfigurationLoader.Load(new ConfigurationRequest { Inventories = [_folder.At("hosts.ini")], Catalogue = Catalogue, Sets = sets });
        return [.. Machines.SelectMany(machine => config.Hosts.Select(host => host.Evaluate(HostFacts.Default with { Architecture = machine })))];
    }

    private static IEnumerable<string> Switches() => Read(Path.Combine(Catalogue, "enabled.yml"))
        .Where(entry => entry.Value.ToString() == "false")
        .Select(entry => entry.Key.ToString());

    private static IEnumerable<string> Keys(string file, string variable, string architecture) =>
        ((YamlMappingNode)Read(Path.Combine(Catalogue, file))[new YamlScalarNode(variable)][architecture]).Children.Keys.Select(k => k.ToString());

    private static IDictionary<YamlNode, YamlNode> Read(string file)
    {
        using var reader = new StreamReader(file);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return ((YamlMappingNode)yaml.Documents[0].RootNode).Children;
    }
}
