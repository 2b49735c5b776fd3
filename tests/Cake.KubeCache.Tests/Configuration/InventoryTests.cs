using Cake.KubeCache.Configuration;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class InventoryTests
{
    [Fact]
    public void Expands_ranges_of_numbers_and_letters()
    {
        using var cluster = new Cluster().Inventory("[all]\nnode[01:03]\ndb-[a:c].lab\nn[1:9:4]x[0:1]\n");
        cluster.Load().Hosts.Select(h => h.Name).ShouldBe(["node01", "node02", "node03", "db-a.lab", "db-b.lab", "db-c.lab", "n1x0", "n1x1", "n5x0", "n5x1", "n9x0", "n9x1"]);
    }

    [Theory]
    [InlineData("[3:1]")]
    [InlineData("[01:9]")]
    [InlineData("[1:]")]
    [InlineData("[a:9]")]
    [InlineData("[1:2:0]")]
    public void Refuses_a_malformed_range(string range)
    {
        using var cluster = new Cluster().Inventory($"[all]\nok\nnode{range}\n");
        var fault = cluster.Faults().ShouldHaveSingleItem();
        fault.Where!.Line.ShouldBe(3);
        fault.What.ShouldContain("range");
    }

    [Fact]
    public void Reads_INI_values_as_Python_literals()
    {
        using var cluster = new Cluster().Inventory("[all]\nnode1 a=True b=true c=1.10 d=[1,2] e='x y' f=0755 g=None # comment\n[all:vars]\nh = a b c\ni={'k': 1}\n");
        var host = cluster.Host();
        object? Value(string name) => host.Value(name, HostFacts.Default);
        Value("a").ShouldBe(true);
        Value("b").ShouldBe("true");
        Value("c").ShouldBe(1.1);
        Value("d").ShouldBeOfType<Sequence>().ShouldBe([1L, 2L]);
        Value("e").ShouldBe("x y");
        Value("f").ShouldBe("0755");
        Value("g").ShouldBeNull();
        Value("h").ShouldBe("a b c");
        PythonText.Repr(Value("i")).ShouldBe("{'k': 1}");
    }

    [Fact]
    public void Reads_ports_and_IPv6_addresses_of_host_lines()
    {
        using var cluster = new Cluster().Inventory("[all]\nnode1:2222\n[2001:db8::1]:2200\n2001:db8::2\n");
        var config = cluster.Load();
        config.Hosts.Select(h => h.Name).ShouldBe(["node1", "2001:db8::1", "2001:db8::2"]);
        config.Hosts.Select(h => ((Cake.KubeCache.Model.SshConnection)h.Node.Connection).Port).ShouldBe([2222, 2200, null]);
    }

    [Fact]
    public void Accepts_groups_before_their_definition()
    {
        using var cluster = new Cluster().Inventory("[kids:vars]\nx=1\n[parent:children]\nkids\n[kids]\nnode1\n");
        cluster.Host().Groups.ShouldBe(["kids", "parent"]);
        cluster.Value("x").ShouldBe(1L);
    }

    [Fact]
    public void Reads_YAML_with_nested_children_ranges_anchors_and_empty_bodies()
    {
        using var cluster = new Cluster().Inventory(
            """
            all:
              hosts:
                node[1:2]: &common {x: 1}
                node3: {<<: *common, y: !unsafe "{{ raw }}"}
              children:
                outer:
                  children:
                    inner:
                      hosts: {node1: , node3: }
                      vars: {level: inner}
                  vars: {level: outer}
                empty:
            """,
            "hosts.yml");
        cluster.Host("node3").Groups.ShouldBe(["inner", "outer"]);
        cluster.Value("level").ShouldBe("inner");
        cluster.Value("x", "node3").ShouldBe(1L);
        cluster.Value("y", "node3").ShouldBe("{{ raw }}");
    }

    [Fact]
    public void Reads_JSON_and_merges_several_inventories()
    {
        using var cluster = new Cluster()
            .Inventory("""{"web": {"hosts": {"node1": {"a": 1}}}}""", "one/hosts.json")
            .Inventory("[db]\nnode1 b=2\nnode2\n", "two/hosts")
            .File("one/group_vars/all.yml", "who: one\nonly: 1\n")
            .File("two/group_vars/all.yml", "who: two\n");
        cluster.Load().Hosts.Select(h => h.Name).ShouldBe(["node1", "node2"]);
        cluster.Host().Groups.ShouldBe(["db", "web"]);
        cluster.Value("who").ShouldBe("two");
        cluster.Value("only").ShouldBe(1L);
    }

    [Fact]
    public void Reads_a_folder_of_inventories_in_order_of_their_names()
    {
        using var cluster = new Cluster().InventoryPath("inv")
            .File("inv/20-more.ini", "[b]\nnode2\n").File("inv/10-first.yml", "a: {hosts: {node1: }}\n").File("inv/group_vars/a.yml", "x: 1\n").File("inv/notes.md", "# not an inventory\n");
        cluster.Load().Hosts.Select(h => h.Name).ShouldBe(["node1", "node2"]);
        cluster.Value("x").ShouldBe(1L);
    }

    [Fact]
    public void Runs_an_executable_inventory()
    {
        using var cluster = new Cluster().Inventory(
            """
            #!/bin/sh
            if [ "$1" = --list ]; then echo '{"web": {"hosts": ["node1"], "vars": {"a": "{{ b }}"}, "children": ["sub"]}, "sub": ["node2"]}'; else echo "{\"b\": \"$2\"}"; fi
            """,
            "dynamic");
        cluster.Folder.MakeExecutable("dynamic");
        cluster.Value("a").ShouldBe("node1");
        cluster.Value("a", "node2").ShouldBe("node2");
    }

    [Fact]
    public void Says_what_a_failing_executable_inventory_says()
    {
        using var cluster = new Cluster().Inventory("#!/bin/sh\necho no cloud >&2\nexit 3\n", "dynamic");
        cluster.Folder.MakeExecutable("dynamic");
        cluster.Faults()[0].Got.ShouldBe("exit code 3: no cloud");
    }

    [Fact]
    public void Takes_old_group_names_for_the_new_ones_and_derives_the_cluster()
    {
        using var cluster = new Cluster().Inventory("[kube-master]\nnode1\n[kube_node]\nnode2\n").File("group_vars/k8s_cluster.yml", "x: 1\n").File("group_vars/kube_control_plane.yml", "y: 2\n");
        cluster.Host().Groups.ShouldBe(["k8s-cluster", "k8s_cluster", "kube-master", "kube_control_plane"]);
        cluster.Value("x", "node2").ShouldBe(1L);
        cluster.Value("y").ShouldBe(2L);
        cluster.Host("node2").Groups.ShouldContain("kube-node");
    }

    [Theory]
    [InlineData("kube_node", "node3,node4")]
    [InlineData("node1:node4", "node1,node4")]
    [InlineData("all:!kube_node", "node1,node2")]
    [InlineData("etcd:&kube_node", "node3")]
    [InlineData("node[12]", "node1,node2")]
    [InlineData("node*,!node2", "node1,node3,node4")]
    [InlineData("!node2", "node1,node3,node4")]
    [InlineData("~node[34]", "node3,node4")]
    [InlineData("etcd[0]", "node1")]
    [InlineData("etcd[1:2]", "node2,node3")]
    [InlineData("kube-node", "node3,node4")]
    public void Limits_to_hosts_groups_and_patterns(string limit, string expected)
    {
        using var cluster = new Cluster().Inventory("[kube_control_plane]\nnode1\nnode2\n[kube_node]\nnode3\nnode4\n[etcd]\nnode[1:3]\n").Limit(limit);
        string.Join(',', cluster.Load().Hosts.Select(h => h.Name)).ShouldBe(expected);
    }

    [Fact]
    public void Suggests_the_nearest_name_for_a_limit_that_matches_nothing()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n").Limit("kube_nod");
        cluster.Faults().ShouldHaveSingleItem().Hint.ShouldBe("did you mean 'kube_node'?");
    }
}
