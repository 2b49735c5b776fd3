using System.Text;
using System.Text.Json;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class DownloadsTests
{
    private const string Sum = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Inventory = "[kube_control_plane]\nnode1\n[kube_node]\nnode2\narm1 ansible_architecture=aarch64\n";

    private const string Catalogue =
        $$$"""
        image_arch: "{{ host_architecture }}"
        kube_version: v1.30.2
        kubeadm_image_repo: registry.example.org/kube
        local_release_dir: /tmp/releases
        pause_tag: 3.10
        kubelet_checksums: {amd64: {v1.30.2: {{{Sum}}}, v1.30.1: {{{Sum}}}, v1.29.9: {{{Sum}}}}, arm64: {v1.30.2: "sha256:{{{Sum}}}", v1.30.1: 0}}
        download_defaults: {container: false, file: false, enabled: false, owner: root, mode: None, unarchive: false, dest: None, url: None, repo: None, tag: None}
        downloads:
          kubeadm:
            enabled: true
            file: true
            url: "https://dl.example.org/{{ kube_version }}/{{ image_arch }}/kubeadm"
            sha256: "{{ kubelet_checksums[image_arch][kube_version] }}"
            dest: "{{ local_release_dir }}/kubeadm-{{ image_arch }}"
            mode: 755
            groups: [k8s_cluster]
          pause:
            enabled: "yes"
            container: true
            repo: registry.example.org/pause
            tag: "{{ pause_tag }}"
            sha256: "{{ pause_digest | default(None) }}"
            groups: kube_node
          tool:
            enabled: "{{ tool_enabled | default(false) }}"
            file: true
            url: http://h/t.tgz
            mirrors: ["http://m1/t.tgz", "http://m2/t.tgz"]
            checksum: "sha256:https://h/SHA256SUMS"
            dest: /opt/t.tgz
            owner: "{{ omit }}"
            mode: "0644"
            unarchive: true
            unarchive_extra_opts: ["--strip=1"]
            username: u
            password: p4ss
            force_basic_auth: yes
            timeout: 30
        """;

    [Fact]
    public void Gives_each_architecture_its_own_file_and_checksum()
    {
        using var cluster = New();
        var amd = cluster.Downloads().Artifacts.OfType<FileArtifact>().Single();
        amd.Url.ShouldBe("https://dl.example.org/v1.30.2/amd64/kubeadm");
        amd.Checksum.ShouldBe(new Checksum.Known(Digest.Sha256(Sum)));
        amd.Destination.ShouldBe("/tmp/releases/kubeadm-amd64");
        amd.Mode.ShouldBe("0755");
        amd.Owner.ShouldBe("root");
        cluster.Downloads("arm1").Artifacts.OfType<FileArtifact>().Single().Url.ShouldBe("https://dl.example.org/v1.30.2/arm64/kubeadm");
        cluster.Downloads("arm1").Artifacts.OfType<ImageArtifact>().ShouldAllBe(i => i.Platform == new Platform("linux", "arm64", null));
    }

    [Fact]
    public void Chooses_items_by_group_with_a_list_or_a_text()
    {
        using var cluster = New();
        cluster.Downloads().Items.Select(i => i.Name).ShouldBe(["kubeadm"]);
        cluster.Downloads("node2").Items.Select(i => i.Name).ShouldBe(["kubeadm", "pause"]);
    }

    [Fact]
    public void Keeps_what_the_catalogue_wrote_in_a_tag_as_Ansible_would()
    {
        using var cluster = New();
        cluster.Downloads("node2").Artifacts.OfType<ImageArtifact>().Single(i => i.Name == "pause").Reference.Tag.ShouldBe("3.1");
        cluster.Set("pause_tag=3.10").Downloads("node2").Artifacts.OfType<ImageArtifact>().Single(i => i.Name == "pause").Reference.Tag.ShouldBe("3.10");
    }

    [Fact]
    public void Understands_every_field_of_a_file()
    {
        using var cluster = New().Set("tool_enabled=true");
        var tool = cluster.Downloads().Artifacts.OfType<FileArtifact>().Single(f => f.Name == "tool");
        tool.Mirrors.ShouldBe(["http://m1/t.tgz", "http://m2/t.tgz"]);
        tool.Checksum.ShouldBe(new Checksum.Listed("sha256", "https://h/SHA256SUMS"));
        (tool.Owner, tool.Mode, tool.Unarchive).ShouldBe((null, "0644", true));
        tool.UnarchiveExtraOptions.ShouldBe(["--strip=1"]);
        (tool.Username, tool.Password!.Reveal(), tool.ForceBasicAuthentication, tool.Timeout).ShouldBe(("u", "p4ss", true, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Pins_an_image_to_a_digest_with_or_without_its_algorithm()
    {
        using var cluster = New().Set("pause_digest=" + Sum);
        Pause().ShouldBe(Digest.Sha256(Sum));
        cluster.Set("pause_digest=sha256:" + Sum);
        Pause().ShouldBe(Digest.Sha256(Sum));

        Digest? Pause() => cluster.Downloads("node2").Artifacts.OfType<ImageArtifact>().Single(i => i.Name == "pause").Reference.Digest;
    }

    [Fact]
    public void Gives_kubeadms_images_to_the_control_plane_and_kube_proxy_to_all()
    {
        using var cluster = New();
        cluster.Downloads().KubeadmImages.Select(i => i.Repository + ":" + i.Tag).ShouldBe([
            "registry.example.org/kube/kube-apiserver:v1.30.2", "registry.example.org/kube/kube-controller-manager:v1.30.2",
            "registry.example.org/kube/kube-scheduler:v1.30.2", "registry.example.org/kube/kube-proxy:v1.30.2"]);
        cluster.Downloads("node2").KubeadmImages.Select(i => i.Name).ShouldBe(["kubeadm_kube-proxy"]);
        cluster.Set("kube_proxy_deployed=false").Downloads("node2").KubeadmImages.ShouldBeEmpty();
        cluster.Set("skip_kubeadm_images=true").Downloads().KubeadmImages.ShouldBeEmpty();
        cluster.Set("kubeadm_images={x: {enabled: true, container: true, repo: h/x, tag: '1', groups: k8s_cluster}}").Downloads("node2").KubeadmImages.Select(i => i.Name).ShouldBe(["x"]);
    }

    [Fact]
    public void Leaves_images_out_where_containers_are_not_downloaded()
    {
        using var cluster = New().Set("download_container=false");
        cluster.Downloads("node2").Artifacts.ShouldAllBe(a => a is FileArtifact);
    }

    [Theory]
    [InlineData("1.30.*", "v1.30.2")]
    [InlineData("[1.29,1.30)", "v1.29.9")]
    [InlineData("1.29.*", "v1.29.9")]
    [InlineData("v1.*", "v1.30.2")]
    [InlineData("(,1.30.2)", "v1.30.1")]
    public void Resolves_a_range_to_the_highest_version_with_a_checksum(string range, string expected)
    {
        using var cluster = New().Set("kube_version=" + range);
        cluster.Value("kube_version").ShouldBe(expected);
        cluster.Downloads().Shown["kube_version"].ShouldBe(expected);
    }

    [Fact]
    public void Keeps_the_version_that_a_range_is_locked_to_while_it_is_in_the_range()
    {
        using var cluster = New().Set("kube_version=1.30.*").Lock("kube_version", "v1.30.1");
        var config = cluster.Load();
        config.EvaluateAll(h => HostFacts.Default with { Architecture = h.Name == "arm1" ? "aarch64" : "x86_64" });
        config.Ranges.ShouldHaveSingleItem().ShouldBe(new ResolvedRange("kube_version", "1.30.*", "v1.30.1"));
        cluster.Set("kube_version=1.29.*").Value("kube_version").ShouldBe("v1.29.9");
    }

    [Fact]
    public void Lists_the_versions_there_are_when_none_is_in_the_range()
    {
        using var cluster = New().Set("kube_version=1.99.*");
        var fault = cluster.Faults()[0];
        fault.Got.ShouldBe("1.99.*");
        fault.Expected.ShouldBe("one of v1.30.2, v1.30.1, v1.29.9");
    }

    [Fact]
    public void Warns_of_a_file_without_a_checksum()
    {
        using var cluster = New().Set("kubelet_checksums={amd64: {v1.30.2: 0}}");
        var downloads = cluster.Downloads();
        downloads.Artifacts.OfType<FileArtifact>().Single().Checksum.ShouldBeNull();
        downloads.Warnings.ShouldContain(w => w.What == "'kubeadm' has no checksum on node1");
    }

    [Theory]
    [InlineData("url: ftp://h/x", "'x' has no URL to download it from on node1")]
    [InlineData("url: http://h/x\n    checksum: md5:abc", "the checksum of 'x' is malformed on node1")]
    [InlineData("url: http://h/x\n    mode: rwx", "the mode of 'x' is malformed on node1")]
    [InlineData("container: true\n    repo: Not/Valid!", "the image 'x' is malformed on node1")]
    public void Refuses_items_that_make_no_sense(string fields, string what)
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1\n").Catalogue($"downloads:\n  x:\n    enabled: true\n    file: true\n    {fields}\n");
        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe(what);
    }

    [Theory]
    [InlineData("0755", "0755")]
    [InlineData("755", "0755")]
    [InlineData("0644", "0644")]
    [InlineData("644", "0644")]
    [InlineData("0600", "0600")]
    [InlineData("0700", "0700")]
    [InlineData("'755'", "0755")]
    [InlineData("\"0750\"", "0750")]
    [InlineData("0750", "0750")]
    public void Reads_a_mode_however_YAML_reads_it(string written, string expected)
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1\n").Catalogue($"downloads: {{x: {{enabled: true, file: true, url: http://h/x, mode: {written}}}}}\n");
        ((FileArtifact)cluster.Downloads().Artifacts.Single()).Mode.ShouldBe(expected);
    }

    [Fact]
    public void Takes_texts_for_bools_with_one_warning()
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1 on=true off=false\nnode2 on=true off=false\n").Catalogue(
            "downloads:\n  x: {enabled: \"{{ on }}\", file: true, url: http://h/x}\n  y: {enabled: \"{{ off }}\", file: true, url: http://h/y}\n");
        cluster.Downloads().Items.Select(i => i.Name).ShouldBe(["x"]);
        cluster.Downloads().Warnings.Count(w => w.What.Contains("downloads.x.enabled", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Shares_what_is_the_same_for_all_hosts_and_nothing_else()
    {
        var hosts = string.Concat(Enumerable.Range(1, 40).Select(i => $"node{i} ip=10.0.0.{i}\n"));
        using var cluster = new Cluster().Inventory("[kube_node]\n" + hosts).Catalogue(
            "common: \"{{ 'a' ~ 'b' }}\"\nindirect: \"{{ ip }}\"\ndownloads:\n  same: {enabled: true, file: true, url: \"http://h/{{ common }}\"}\n  own: {enabled: true, file: true, url: \"http://h/{{ indirect }}/{{ inventory_hostname }}\"}\n");
        var all = cluster.Load().EvaluateAll(_ => HostFacts.Default);
        all["node1"].Artifacts[0].ShouldBeSameAs(all["node40"].Artifacts[0]);
        ((FileArtifact)all["node7"].Artifacts[1]).Url.ShouldBe("http://h/10.0.0.7/node7");
        ((FileArtifact)all["node40"].Artifacts[1]).Url.ShouldBe("http://h/10.0.0.40/node40");
    }

    [Fact]
    public void Keeps_the_fault_of_one_host_from_the_others()
    {
        var hosts = string.Concat(Enumerable.Range(1, 20).Select(i => $"node{i} rank={i}\n"));
        using var cluster = new Cluster().Inventory("[kube_node]\n" + hosts).Catalogue(
            "broken: \"{{ 1 // 0 }}\"\ndownloads:\n  x: {enabled: true, file: true, url: \"http://h/{{ 'ok' if rank > 1 else broken }}\"}\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.What.ShouldBe("downloads.x.url cannot be evaluated on node1: division by zero");
    }

    [Fact]
    public void Reads_downloads_that_are_put_together_by_a_template()
    {
        using var cluster = New().Set("kube_version=v1.30.1").File("group_vars/all.yml", "downloads: \"{{ base | combine(more) }}\"\nbase: {kubeadm: {enabled: true, container: true, repo: h/kubeadm, tag: '{{ kube_version }}'}}\nmore: {x: {enabled: true, file: true, url: 'http://h/{{ host_architecture }}'}}\n");
        cluster.Downloads("arm1").Items.Select(i => i.Name).ShouldBe(["kubeadm", "x"]);
        ((FileArtifact)cluster.Downloads("arm1").Artifacts[1]).Url.ShouldBe("http://h/arm64");
        cluster.Downloads("arm1").KubeadmImages.Single().Tag.ShouldBe("v1.30.1");
    }

    [Fact]
    public void Reads_other_hosts_variables_without_taking_them_for_its_own()
    {
        var hosts = string.Concat(Enumerable.Range(1, 20).Select(i => $"node{i} ip=10.0.0.{i}\n"));
        using var cluster = new Cluster().Inventory("[kube_node]\n" + hosts).Catalogue(
            "me: \"{{ ip }}\"\nfirst: \"{{ hostvars[groups['kube_node'][0]]['me'] }}\"\nall_ips: \"{% for h in groups['kube_node'] %}{{ hostvars[h].me }}{% if not loop.last %},{% endif %}{% endfor %}\"\n");
        var config = cluster.Load();
        config.Hosts[4].Value("first", HostFacts.Default).ShouldBe("10.0.0.1");
        config.Hosts[4].Value("me", HostFacts.Default).ShouldBe("10.0.0.5");
        config.Hosts[9].Value("me", HostFacts.Default).ShouldBe("10.0.0.10");
        ((string)config.Hosts[2].Value("all_ips", HostFacts.Default)!).Split(',').Length.ShouldBe(20);
    }

    [Fact]
    public void Writes_the_document_of_a_host()
    {
        using var cluster = New();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            HostDocument.Write(json, cluster.Downloads("node2"));
        }

        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe(
            $$$"""
            {"artifacts":{"kubeadm":{"checksum":"{{{Sum}}}","dest":"/tmp/releases/kubeadm-amd64","kind":"file","mode":"0755","owner":"root","unarchive":false,"url":"https://dl.example.org/v1.30.2/amd64/kubeadm"},"pause":{"digest":"","kind":"image","repo":"registry.example.org/pause","tag":"3.1"}},"kubeadm_images":{"kubeadm_kube-proxy":{"digest":"","kind":"image","repo":"registry.example.org/kube/kube-proxy","tag":"v1.30.2"}},"settings":{"container_manager":null,"download_cache_dir":null,"download_force_cache":false,"download_localhost":true,"download_run_once":true,"kube_version":"v1.30.2","local_release_dir":"/tmp/releases"}}
            """);
    }

    private static Cluster New() => new Cluster().Inventory(Inventory).Catalogue(Catalogue);
}
