using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>
/// The same three downloads as checkouts of three eras wrote them: where the files lay, what the groups were called and how values were typed changed; what a host
/// is to have did not.
/// </summary>
public sealed class ReleaseErasTests
{
    private const string Sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>The eras.</summary>
    public static TheoryData<string> Eras => ["2019", "2021", "2023", "2026"];

    [Theory]
    [MemberData(nameof(Eras))]
    public void A_checkout_of_any_era_gives_hosts_the_same(string era)
    {
        using var cluster = Cluster(era);

        // The one difference: recent catalogues name the algorithm.
        var sum = (era is "2026" ? "sha256:" : "") + Sum;
        var hosts = cluster.Load().EvaluateAll(_ => HostFacts.Default);

        JsonNode.DeepEquals(Document(hosts["cp1"]), JsonNode.Parse($$"""
            {
              "etcd": {"kind": "file", "url": "https://files.test/etcd-v3.5.1-amd64.tgz", "checksum": "{{sum}}", "dest": "/tmp/releases/etcd-v3.5.1-amd64.tgz", "mode": "0755", "owner": "root", "unarchive": true},
              "kubelet": {"kind": "file", "url": "https://files.test/v1.20.1/amd64/kubelet", "checksum": "{{sum}}", "dest": "/tmp/releases/kubelet-v1.20.1-amd64", "mode": "0755", "owner": "root", "unarchive": false}
            }
            """)).ShouldBeTrue(Document(hosts["cp1"]).ToJsonString());
        JsonNode.DeepEquals(Document(hosts["w1"]), JsonNode.Parse($$"""
            {
              "kubelet": {"kind": "file", "url": "https://files.test/v1.20.1/arm64/kubelet", "checksum": "{{sum}}", "dest": "/tmp/releases/kubelet-v1.20.1-arm64", "mode": "0755", "owner": "root", "unarchive": false},
              "proxy": {"kind": "image", "repo": "registry.test/library/proxy", "tag": "1.19", "digest": "{{sum}}"}
            }
            """)).ShouldBeTrue(Document(hosts["w1"]).ToJsonString());
        hosts["cp1"].Settings.RunOnce.ShouldBeTrue();
        hosts["w1"].Artifacts.OfType<ImageArtifact>().Single().Platform.Architecture.ShouldBe("arm64");
    }

    [Fact]
    public void Role_vars_of_recent_checkouts_win_over_the_inventory_and_say_so()
    {
        using var cluster = Cluster("2026").File("group_vars/all/sums.yml", "kubelet_checksums: {amd64: {1.20.1: 'sha256:" + new string('f', 64) + "'}}\n");

        cluster.Load().Warnings.ShouldContain(w => w.What.StartsWith("'kubelet_checksums' has no effect here", StringComparison.Ordinal));
        cluster.Downloads("cp1").Artifacts.OfType<FileArtifact>().Single(f => f.Name == "kubelet").Checksum.ShouldBe(new Checksum.Known(Digest.Sha256(Sum)));
    }

    private static JsonNode Document(HostDownloads downloads)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            HostDocument.Write(json, downloads);
        }

        return JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!["artifacts"]!;
    }

    private static Cluster Cluster(string era)
    {
        // Names and forms by year: how a version is written, where checksums stand, what groups are called.
        var (old, bare) = (era is "2019", era is "2026");
        var (controlPlane, workers, all) = old ? ("kube-master", "kube-node", "k8s-cluster") : ("kube_control_plane", "kube_node", "k8s_cluster");
        var v = bare ? "v{{ kube_version }}" : "{{ kube_version }}";
        var digest = bare ? "sha256:" + Sum : Sum;
        var version = bare ? "1.20.1" : "v1.20.1";
        var table = $"kubelet_checksums:\n  arm64:\n    {version}: {digest}\n    {(bare ? "" : "v")}1.19.0: 0\n  amd64:\n    {version}: {digest}\n";
        var general = $"kube_version: {version}\nlocal_release_dir: /tmp/releases\ndownload_run_once: true\nbin_mode: {(old ? "755" : "'0755'")}\n";
        var downloads = $$$"""
            image_arch: "{{ {{{(old ? "hostvars[inventory_hostname]['host_architecture']" : "host_architecture | default('amd64')")}}} }}"
            etcd_version: v3.5.1
            proxy_image_repo: "{{ registry_of_images }}/library/proxy"
            registry_of_images: registry.test
            proxy_image_tag: {{{(old ? "1.19" : "\"1.19\"")}}}
            proxy_digest_checksum: {{{(bare ? "\"" + digest + "\"" : Sum)}}}
            download_defaults: {container: false, file: false, enabled: false, repo: None, tag: None, version: None, dest: None, url: None, unarchive: false, owner: root, mode: None}
            downloads:
              kubelet:
                enabled: true
                file: true
                version: "{{ kube_version }}"
                dest: "{{ local_release_dir }}/kubelet-{{{v}}}-{{ image_arch }}"
                {{{(bare ? "checksum" : "sha256")}}}: "{{ kubelet_checksums[image_arch][kube_version] }}"
                url: "https://files.test/{{{v}}}/{{ image_arch }}/kubelet"
                unarchive: false
                mode: {{{(old ? "755" : "\"{{ bin_mode }}\"")}}}
                groups: [{{{all}}}]
              etcd:
                container: "{{ etcd_deployment_type in ['docker', 'kubeadm'] }}"
                file: "{{ etcd_deployment_type == 'host' }}"
                enabled: true
                version: "{{ etcd_version }}"
                dest: "{{ local_release_dir }}/etcd-{{ etcd_version }}-{{ image_arch }}.tgz"
                repo: "{{ nobody_defines_this }}"
                sha256: "{{ {{{(old ? $"'{Sum}'" : $"'{digest}' | default(None)")}}} }}"
                url: "https://files.test/etcd-{{ etcd_version }}-{{ image_arch }}.tgz"
                unarchive: true
                owner: root
                mode: "0755"
                groups: [etcd]
              proxy:
                enabled: "{{ kube_network == 'plain' or deploy_proxy | default(false) | bool }}"
                container: true
                repo: "{{ proxy_image_repo }}"
                tag: "{{ proxy_image_tag }}"
                sha256: "{{ proxy_digest_checksum | default(None) }}"
                groups: {{{(old ? workers : $"[{workers}]")}}}
              never: {enabled: false, file: true, url: "{{ nobody_defines_this }}", dest: "{{ nobody_defines_this }}"}

            """;
        var cluster = new Cluster().CataloguePath("kubespray").Inventory($"""
            [{controlPlane}]
            cp1
            [etcd:children]
            {controlPlane}
            [{workers}]
            w1 ansible_architecture=aarch64
            [{all}:children]
            {controlPlane}
            {workers}
            [all:vars]
            etcd_deployment_type=host
            """).File("group_vars/all/all.yml", "kube_network: plain\n");
        return era switch
        {
            "2019" => cluster.File("kubespray/roles/kubespray-defaults/defaults/main.yaml", general).File("kubespray/roles/download/defaults/main.yml", downloads + table),
            "2021" => cluster.File("kubespray/roles/kubespray-defaults/defaults/main.yaml", general).File("kubespray/roles/download/defaults/main/main.yml", downloads).File("kubespray/roles/download/defaults/main/checksums.yml", table),
            "2023" => cluster.File("kubespray/roles/kubespray-defaults/defaults/main/main.yml", general).File("kubespray/roles/kubespray-defaults/defaults/main/download.yml", downloads).File("kubespray/roles/kubespray-defaults/defaults/main/checksums.yml", table)
                .File("kubespray/roles/download/defaults/main.yml", "---\ndownload_extra: 1\n"),
            _ => cluster.File("kubespray/roles/kubespray_defaults/defaults/main/main.yml", general).File("kubespray/roles/kubespray_defaults/defaults/main/download.yml", downloads).File("kubespray/roles/kubespray_defaults/vars/main/checksums.yml", table)
                .File("kubespray/roles/download/tasks/main.yml", "- debug:\n"),
        };
    }
}
