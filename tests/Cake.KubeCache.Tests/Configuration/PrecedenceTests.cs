using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class PrecedenceTests
{
    private const string Inventory = "[kube_node]\nnode1 inhost=host_line\n[zone]\nnode1\n[outer:children]\nkube_node\n[all:vars]\nx=ini_all\n[kube_node:vars]\nx=ini_group\n[outer:vars]\nx=ini_outer\n";

    [Fact]
    public void Lets_the_nearer_definition_win_in_Ansibles_order()
    {
        using var cluster = new Cluster().Inventory(Inventory).CataloguePath("kubespray")
            .File("kubespray/roles/download/defaults/main.yml", "x: default\nv: default\ndownloads: {}\n");
        cluster.Value("x").ShouldBe("ini_group");
        cluster.File("group_vars/all.yml", "x: gv_all\n").Value("x").ShouldBe("gv_all");
        cluster.File("group_vars/outer.yml", "x: gv_outer\n").Value("x").ShouldBe("gv_outer");
        cluster.File("group_vars/kube_node/one.yml", "x: gv_group\n").Value("x").ShouldBe("gv_group");
        cluster.File("host_vars/node1.yml", "x: host\n").Value("x").ShouldBe("host");
        cluster.File("kubespray/roles/download/vars/main/a.yml", "x: role_var\n").Value("x").ShouldBe("role_var");
        cluster.Set("x=extra").Value("x").ShouldBe("extra");
    }

    [Fact]
    public void Orders_groups_of_one_depth_by_priority_and_name()
    {
        using var cluster = new Cluster().Inventory("[a]\nnode1\n[b]\nnode1\n[a:vars]\nx=a\n[b:vars]\nx=b\n");
        cluster.Value("x").ShouldBe("b");
        cluster.File("hosts.ini", "[a]\nnode1\n[b]\nnode1\n[a:vars]\nx=a\nansible_group_priority=10\n[b:vars]\nx=b\n").Value("x").ShouldBe("a");
    }

    [Fact]
    public void Takes_a_folder_of_variables_before_a_file_of_the_same_name()
    {
        using var cluster = new Cluster().Inventory("[etcd]\nnode1\n")
            .File("group_vars/etcd.yml", "x: file\nfile_only: 1\n").File("group_vars/etcd/a.yml", "x: folder\n").File("group_vars/etcd/b.json", "{\"y\": 2}").File("group_vars/etcd/.hidden.yml", "x: hidden\n");
        cluster.Value("x").ShouldBe("folder");
        cluster.Value("y").ShouldBe(2L);
        cluster.Host().Names.ShouldNotContain("file_only");
    }

    [Fact]
    public void Warns_when_role_vars_overrule_the_inventory()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n").CataloguePath("kubespray").File("group_vars/all.yml", "a: 1\nsums: mine\n")
            .File("kubespray/roles/kubespray_defaults/defaults/main/a.yml", "downloads: {}\n").File("kubespray/roles/kubespray_defaults/vars/main/b.yml", "sums: theirs\n");
        var warning = cluster.Load().Warnings.ShouldHaveSingleItem();
        warning.What.ShouldContain("'sums' has no effect");
        warning.Where!.Line.ShouldBe(2);
        cluster.Value("sums").ShouldBe("theirs");
    }

    [Fact]
    public void Explains_every_layer_and_marks_the_winner()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n").Catalogue("kube_version: v1\n")
            .File("group_vars/all.yml", "---\nkube_version: \"v{{ minor }}\"\nminor: 2\n").File("host_vars/node1.yml", "kube_version: v3\n").Set("kube_version=v4");
        var explanation = cluster.Host().Explain("kube_version", Cake.KubeCache.Configuration.HostFacts.Default);
        explanation.Value.ShouldBe("v4");
        explanation.Definitions.Select(d => (d.Layer, d.Definition, d.IsWinner)).ShouldBe([
            ("catalogue all.yml", "v1", false), ("group_vars/all", "v{{ minor }}", false), ("host_vars/node1", "v3", false), ("--set", "v4", true)]);
        explanation.Definitions[1].Where!.ToString().ShouldEndWith("group_vars/all.yml:2");
    }

    [Fact]
    public void Explains_without_printing_a_password()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1 ansible_password=s3cret\n");
        var explanation = cluster.Host().Explain("ansible_password", Cake.KubeCache.Configuration.HostFacts.Default);
        explanation.ToString().ShouldNotContain("s3cret");
        explanation.Definitions.ShouldHaveSingleItem().Definition.ShouldBe("***");
    }

    [Theory]
    [InlineData("v=1.30", "1.30")]
    [InlineData("v=1_000", "1_000")]
    [InlineData("v=0755", "0755")]
    [InlineData("v=5", 5L)]
    [InlineData("v=true", true)]
    [InlineData("v=", "")]
    [InlineData("v=[1.34,1.36)", "[1.34,1.36)")]
    [InlineData("v={{ 1 + 1 }}", "2")]
    [InlineData("v='yes'", "yes")]
    public void Keeps_the_text_of_versions_set_on_the_command_line(string set, object expected)
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n").Set(set);
        cluster.Value("v").ShouldBe(expected);
    }

    [Fact]
    public void Lets_facts_of_a_node_win_over_the_inventory_and_the_inventory_over_assumed_facts()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1 ansible_architecture=aarch64\n").Catalogue("url: \"{{ ansible_facts['architecture'] }}/{{ host_architecture }}\"\n");
        var host = cluster.Host();
        host.Value("url", Cake.KubeCache.Configuration.HostFacts.Default).ShouldBe("aarch64/arm64");
        var probed = Cake.KubeCache.Configuration.HostFacts.From(new KubeCache.Model.NodeFacts { Node = "node1", Machine = "x86_64", DistributionId = "rocky", DistributionVersion = "9.4" });
        host.Value("url", probed).ShouldBe("x86_64/amd64");
        host.Value("ansible_os_family", probed).ShouldBe("RedHat");
        host.Value("ansible_distribution_major_version", probed).ShouldBe("9");
    }
}
