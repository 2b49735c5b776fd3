using Cake.KubeCache.Configuration;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>Forms of inventories that are seen more rarely, and files of variables beside them.</summary>
public sealed class InventoryFormsTests
{
    [Fact]
    public void Expands_a_range_with_a_stride_and_a_range_without_a_beginning()
    {
        using var cluster = new Cluster().Inventory("[all]\nnode[1:9:2]\nz[:2]\nrack[01:05:2]-[a:e:2]\n");
        cluster.Load().Hosts.Select(h => h.Name).ShouldBe([
            "node1", "node3", "node5", "node7", "node9", "z0", "z1", "z2",
            "rack01-a", "rack01-c", "rack01-e", "rack03-a", "rack03-c", "rack03-e", "rack05-a", "rack05-c", "rack05-e"]);
    }

    [Fact]
    public void Gives_a_range_its_port_and_its_variables()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode[1:2]:2222 zone=a\n");
        foreach (var host in cluster.Load().Hosts)
        {
            ((Model.SshConnection)host.Node.Connection).Port.ShouldBe(2222);
            host.Value("zone", HostFacts.Default).ShouldBe("a");
        }
    }

    [Fact]
    public void Reads_IPv6_addresses_as_addresses_of_hosts()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1 ansible_host=2001:db8::7\nnode2 ansible_host=[2001:db8::8] ansible_port=2200\n");
        cluster.Load().Hosts.Select(h => (Model.SshConnection)h.Node.Connection).Select(c => (c.Host, c.Port)).ShouldBe([("2001:db8::7", null), ("2001:db8::8", 2200)]);
    }

    [Fact]
    public void Reads_comments_and_quotes_of_INI_as_Ansible_does()
    {
        using var cluster = new Cluster().Inventory(
            """
            # a comment
            ; another
            [kube_node] # the workers
            node1 a="x # no comment" b='y "z"' c=1 # a comment

            [all:vars]
            port=2222 # a comment behind a literal
            list=[1, 2] # as well
            text=plain # is a part of a text that is no literal
            quoted='5'
            equals=a=b
            """);
        object? Value(string name) => cluster.Value(name);
        Value("a").ShouldBe("x # no comment");
        Value("b").ShouldBe("y \"z\"");
        Value("c").ShouldBe(1L);
        Value("port").ShouldBe(2222L);
        PythonListOf("list").ShouldBe([1L, 2L]);
        Value("text").ShouldBe("plain # is a part of a text that is no literal");
        Value("quoted").ShouldBe("5");
        Value("equals").ShouldBe("a=b");

        IEnumerable<object?> PythonListOf(string name) => (KubeCache.Configuration.Values.Sequence)Value(name)!;
    }

    [Fact]
    public void Takes_the_variables_of_hosts_out_of_what_a_dynamic_inventory_lists()
    {
        // With _meta, the script is not asked for each host: asking would fail.
        using var cluster = new Cluster().Inventory(
            """
            #!/bin/sh
            [ "$1" = --list ] || exit 9
            echo '{"kube_node": {"hosts": ["node1", "node2"]}, "outer": {"children": ["kube_node"], "vars": {"level": "group"}}, "all": {"vars": {"everywhere": 1}},'
            echo '"_meta": {"hostvars": {"node1": {"level": "host", "url": "http://{{ inventory_hostname }}/"}}}}'
            """,
            "dynamic");
        cluster.Folder.MakeExecutable("dynamic");
        cluster.File("group_vars/outer.yml", "beside: \"{{ level }}\"\n");

        cluster.Host().Groups.ShouldContain("outer");
        cluster.Value("beside").ShouldBe("host");
        cluster.Value("url").ShouldBe("http://node1/");
        cluster.Value("level", "node2").ShouldBe("group");
        cluster.Value("everywhere", "node2").ShouldBe(1L);
    }

    [Theory]
    [InlineData("echo '[1]'", "the inventory script prints no JSON object")]
    [InlineData("true", "the inventory script prints no JSON object")]
    [InlineData("echo '{\"kube_node\": 5}'", "the group 'kube_node' is malformed")]
    [InlineData("echo '{\"kube_node\": ['", "not valid YAML")]
    public void Says_what_is_wrong_with_what_a_dynamic_inventory_prints(string script, string what)
    {
        using var cluster = new Cluster().Inventory($"#!/bin/sh\n{script}\n", "dynamic");
        cluster.Folder.MakeExecutable("dynamic");
        cluster.Faults()[0].What.ShouldBe(what);
    }

    [Fact]
    public void Lets_a_later_inventory_use_the_groups_of_an_earlier_one()
    {
        using var cluster = new Cluster()
            .Inventory("[kube_node]\nnode1\n", "one/hosts.ini")
            .Inventory("[site:children]\nkube_node\n[kube_node:vars]\nx=second\n[site:vars]\ny=site\n", "two/hosts.ini");
        cluster.Value("x").ShouldBe("second");
        cluster.Value("y").ShouldBe("site");
    }

    [Theory]
    [InlineData("group_vars/all")]
    [InlineData("group_vars/kube_node")]
    [InlineData("group_vars/kube_node.yaml")]
    [InlineData("group_vars/kube_node.json")]
    [InlineData("group_vars/kube_node/any-name")]
    [InlineData("group_vars/kube_node/deeper/still/vars.yml")]
    [InlineData("host_vars/node1")]
    [InlineData("host_vars/node1.yml")]
    [InlineData("host_vars/node1/vars.json")]
    public void Finds_variables_in_every_form_of_a_file(string file)
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n").File(file, "{\"x\": \"found\"}");
        cluster.Value("x").ShouldBe("found");
    }

    [Fact]
    public void Leaves_out_what_is_no_file_of_variables()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n")
            .File("group_vars/kube_node/a.yml", "x: 1\n").File("group_vars/kube_node/a.yml~", "x: 2\n").File("group_vars/kube_node/z.bak", "x: 3\n").File("group_vars/kube_node/notes.md", "x: 4\n");
        cluster.Value("x").ShouldBe(1L);
    }

    [Fact]
    public void Tells_each_text_that_stands_for_a_bool_once_however_many_hosts_have_it()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode[1:30]\n[all:vars]\ndownload_run_once=true\nwanted=true\n")
            .Catalogue("downloads: {x: {enabled: \"{{ wanted }}\", file: true, url: http://h/x, checksum: 'sha256:" + new string('1', 64) + "', dest: /x}}\n");
        var settings = new KubeCacheSettings { Inventories = { cluster.Folder.At("hosts.ini") }, Catalogue = cluster.Folder.At("catalogue"), Cache = cluster.Folder.At("cache") };

        var view = Cake.KubeCache.Engine.ClusterView.Load(settings, Cake.KubeCache.Engine.LockFile.None);
        view.EvaluateAll(_ => null).ShouldAllBe(h => h.Settings.RunOnce && h.Artifacts.Count == 1);

        view.Warnings.Select(w => w.What).ShouldBe(["download_run_once is a text where a bool is meant", "downloads.x.enabled is a text where a bool is meant"], ignoreOrder: true);
    }
}
