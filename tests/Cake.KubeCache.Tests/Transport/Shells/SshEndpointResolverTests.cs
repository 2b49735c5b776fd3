using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport.Shells;

public sealed class SshEndpointResolverTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("kubecache-home-").FullName;

    public SshEndpointResolverTests() => Directory.CreateDirectory(Path.Combine(_home, ".ssh"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void Without_any_configuration_defaults_of_OpenSSH_hold()
    {
        var endpoint = Resolve(new SshConnection { Host = "node1" });
        (endpoint.Host, endpoint.Port, endpoint.User).ShouldBe(("node1", 22, "me"));
        endpoint.HostKeys.ShouldBe(HostKeyPolicy.Strict);
        endpoint.DefaultKeys.ShouldContain(Path.Combine(_home, ".ssh/id_ed25519"));
        endpoint.KnownHostsFiles[0].ShouldBe(Path.Combine(_home, ".ssh/known_hosts"));
    }

    [Fact]
    public void The_inventory_goes_before_arguments_and_arguments_before_the_configuration()
    {
        Config("Host node1\n  User config\n  Port 1111\n  HostName 10.0.0.1\n");
        Resolve(new SshConnection { Host = "node1" }).Address.ShouldBe("config@10.0.0.1:1111");
        Resolve(new SshConnection { Host = "node1", Arguments = "-o User=args -p 2222" }).Address.ShouldBe("args@10.0.0.1:2222");
        Resolve(new SshConnection { Host = "node1", Arguments = "-l args", User = "inventory", Port = 3333 }).Address.ShouldBe("inventory@10.0.0.1:3333");
    }

    [Fact]
    public void The_first_value_counts_and_patterns_and_includes_are_followed()
    {
        Directory.CreateDirectory(Path.Combine(_home, ".ssh/conf.d"));
        File.WriteAllText(Path.Combine(_home, ".ssh/conf.d/lab"), "Host *.lab !secret.lab\n  User \"lab user\"\n");
        Config("# comment\nInclude conf.d/*\nHost *\n  User = other\n  StrictHostKeyChecking accept-new\n  UserKnownHostsFile ~/a %d/b\nMatch host n?.lab\n  Port 7\nMatch exec false\n  Port 8\n");
        Resolve(new SshConnection { Host = "n1.lab" }).Address.ShouldBe("lab user@n1.lab:7");
        Resolve(new SshConnection { Host = "secret.lab" }).Address.ShouldBe("other@secret.lab:22");
        var endpoint = Resolve(new SshConnection { Host = "x" });
        endpoint.HostKeys.ShouldBe(HostKeyPolicy.AcceptNew);
        endpoint.KnownHostsFiles.Take(2).ShouldBe([Path.Combine(_home, "a"), Path.Combine(_home, "b")]);
    }

    [Fact]
    public void Key_files_of_the_configuration_count_when_they_are_there()
    {
        File.WriteAllText(Path.Combine(_home, ".ssh/work"), "");
        Config("Host node1\n  IdentityFile ~/.ssh/missing\n  IdentityFile ~/.ssh/work\n  IdentitiesOnly yes\n  IdentityAgent none\n");
        var endpoint = Resolve(new SshConnection { Host = "node1" });
        endpoint.NamedKeys.ShouldBe([Path.Combine(_home, ".ssh/work")]);
        endpoint.IdentitiesOnly.ShouldBeTrue();
        endpoint.AgentSocket.ShouldBeNull();
        Resolve(new SshConnection { Host = "node2" }).AgentSocket.ShouldBe("/agent");
    }

    [Fact]
    public void Jump_hosts_are_chained_from_the_nearest_to_the_farthest()
    {
        Config("Host b\n  HostName bastion.example\n  User jumper\n");
        var endpoint = Resolve(new SshConnection { Host = "node1", Arguments = "-J a@first:2201,b -o ProxyCommand=ignored", Password = new Secret("p") });
        endpoint.ProxyCommand.ShouldBeNull();
        endpoint.Jump!.Address.ShouldBe("jumper@bastion.example:22");
        endpoint.Jump.Password.ShouldBeNull("a password is for the host that it was given for");
        endpoint.Jump.Jump!.Address.ShouldBe("a@first:2201");
        endpoint.Jump.Jump.Jump.ShouldBeNull();
    }

    [Fact]
    public void A_jump_in_a_circle_is_an_error()
    {
        Config("Host *\n  ProxyJump other\n");
        Should.Throw<KubeCacheException>(() => Resolve(new SshConnection { Host = "node1" })).Message.ShouldContain("circle");
    }

    [Fact]
    public void A_configuration_that_includes_itself_is_an_error()
    {
        Config("Include config\n");
        Should.Throw<KubeCacheException>(() => Resolve(new SshConnection { Host = "node1" })).Message.ShouldContain("includes itself");
    }

    [Theory]
    [InlineData("-o 'ProxyCommand=ssh -W %h:%p -q jump'", "ssh -W %h:%p -q jump")]
    [InlineData("-o ProxyCommand=\"nc -X 5 %h %p\" -C -q -o ControlMaster=auto", "nc -X 5 %h %p")]
    public void A_proxy_command_is_taken_whole(string arguments, string expected) =>
        Resolve(new SshConnection { Host = "node1", Arguments = arguments }).ProxyCommand.ShouldBe(expected);

    [Theory]
    [InlineData("-o 'User=x")]
    [InlineData("-J")]
    [InlineData("what is this")]
    public void Arguments_that_cannot_be_read_are_wrong_input(string arguments) =>
        Should.Throw<KubeCacheException>(() => Resolve(new SshConnection { Host = "node1", Arguments = arguments })).Kind.ShouldBe(ErrorKind.Input);

    [Fact]
    public void Host_keys_go_unchecked_only_where_somebody_says_so()
    {
        Resolve(new SshConnection { Host = "n", CheckHostKey = false }).HostKeys.ShouldBe(HostKeyPolicy.Off);
        Resolve(new SshConnection { Host = "n", Arguments = "-o StrictHostKeyChecking=no" }).HostKeys.ShouldBe(HostKeyPolicy.Off);
        Resolve(new SshConnection { Host = "n", Arguments = "-o StrictHostKeyChecking=ask" }).HostKeys.ShouldBe(HostKeyPolicy.Strict);
    }

    private void Config(string text) => File.WriteAllText(Path.Combine(_home, ".ssh/config"), text);

    private SshEndpoint Resolve(SshConnection connection) => SshEndpointResolver.Resolve("the-node", connection, new ConnectSettings
    {
        Environment = new Dictionary<string, string> { ["HOME"] = _home, ["USER"] = "me", ["SSH_AUTH_SOCK"] = "/agent" },
    });
}
