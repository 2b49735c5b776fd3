using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

public sealed class NodeTests
{
    [Fact]
    public void Reads_connection_variables_with_templates_in_them()
    {
        using var cluster = new Cluster().Inventory(
            "[kube_node]\nnode1 ip=192.0.2.7\n[all:vars]\nansible_host={{ ip }}\nansible_port='22{{ 22 }}'\nansible_user=ops\nansible_password=pw\nansible_ssh_private_key_file=~/.ssh/{{ inventory_hostname }}\nansible_become=true\nansible_become_pass=sudo-pw\nansible_ssh_common_args='-o ProxyCommand=\"ssh -W %h:%p jump\"'\nansible_ssh_extra_args=-C\nansible_host_key_checking=False\n")
            .Environment("HOME", "/home/me");
        var node = cluster.Host().Node;
        var ssh = node.Connection.ShouldBeOfType<SshConnection>();
        (ssh.Host, ssh.Port, ssh.User, ssh.Password!.Reveal()).ShouldBe(("192.0.2.7", 2222, "ops", "pw"));
        ssh.PrivateKeyFile.ShouldBe("/home/me/.ssh/node1");
        ssh.Arguments.ShouldBe("-o ProxyCommand=\"ssh -W %h:%p jump\" -C");
        ssh.CheckHostKey.ShouldBeFalse();
        (node.Privilege.Become, node.Privilege.User, node.Privilege.Password!.Reveal()).ShouldBe((true, "root", "sudo-pw"));
        node.Runtime.ShouldBe(new ContainerRuntime.Containerd());
        node.ReleaseDirectory.ShouldBe("/tmp/releases");
    }

    [Fact]
    public void Jumps_over_the_bastion_which_is_no_node_itself()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1\n[bastion]\nbastion ansible_host=b.example.org ansible_user=jump ansible_port=2200\n");
        cluster.Load().Hosts.Select(h => h.Name).ShouldBe(["node1"]);
        var bastion = cluster.Host().Node.Connection.ShouldBeOfType<SshConnection>().Bastion!;
        (bastion.Host, bastion.User, bastion.Port).ShouldBe(("b.example.org", "jump", 2200));
    }

    [Fact]
    public void Puts_the_root_of_a_local_node_beside_the_inventory()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1 ansible_connection=local kubecache_root=nodes/one container_manager=directory\n", "inv/hosts.ini");
        var node = cluster.Host().Node;
        node.Connection.ShouldBeOfType<LocalConnection>();
        node.Root.ShouldBe(cluster.Folder.At("inv/nodes/one"));
        node.Runtime.ShouldBe(new ContainerRuntime.Directory("/var/lib/rancher/k3s/agent/images"));
    }

    [Theory]
    [InlineData("docker", typeof(ContainerRuntime.Docker))]
    [InlineData("crio", typeof(ContainerRuntime.ContainersStorage))]
    [InlineData("podman", typeof(ContainerRuntime.ContainersStorage))]
    [InlineData("none", typeof(ContainerRuntime.None))]
    public void Knows_container_managers(string manager, Type runtime)
    {
        using var cluster = new Cluster().Inventory($"[kube_node]\nnode1 container_manager={manager}\n");
        cluster.Host().Node.Runtime.ShouldBeOfType(runtime);
    }

    [Theory]
    [InlineData("container_manager=rkt", "'container_manager' of node1 is not known")]
    [InlineData("ansible_connection=winrm", "'ansible_connection' of node1 is not supported")]
    [InlineData("ansible_port=http", "'ansible_port' of node1 is no number")]
    [InlineData("ansible_port=70000", "'ansible_port' of node1 is no port")]
    [InlineData("ansible_become=True ansible_become_method=su", "'ansible_become_method' of node1 is not supported")]
    public void Refuses_connection_variables_that_make_no_sense(string variables, string what)
    {
        using var cluster = new Cluster().Inventory($"[kube_node]\nnode1 {variables}\n");
        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe(what);
    }

    [Fact]
    public void Takes_a_port_behind_ansible_host()
    {
        using var cluster = new Cluster().Inventory("[kube_node]\nnode1 ansible_host=192.0.2.14:2222\n");
        var ssh = cluster.Host().Node.Connection.ShouldBeOfType<SshConnection>();
        (ssh.Host, ssh.Port).ShouldBe(("192.0.2.14", 2222));
    }
}
