using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Lab;

/// <summary>Ways to a node that lead through other machines.</summary>
[Collection(LabCollection.Name)]
public sealed class SshRouteTests(LabFixture lab)
{
    [Fact]
    public async Task Through_a_bastion_of_the_inventory()
    {
        lab.Require();
        await ReachesAsync(lab.Connection(1) with { Bastion = lab.Connection(2) });
    }

    [Fact]
    public async Task Through_two_jump_hosts()
    {
        lab.Require();
        await ReachesAsync(lab.Connection(1) with { Arguments = $"-J root@127.0.0.1:{lab.PortOf(2)},root@127.0.0.1:{lab.PortOf(3)}" });
    }

    [Fact]
    public async Task Through_a_proxy_command()
    {
        lab.Require();
        await ReachesAsync(lab.Connection(1) with { Arguments = $"-o 'ProxyCommand=ssh -F {lab.State}/ssh_config -W %h:%p n2-lo'" });
    }

    [Fact]
    public async Task By_the_users_configuration_alone()
    {
        lab.Require();
        await ReachesAsync(new SshConnection { Host = "n1-lo", Arguments = $"-F {lab.State}/ssh_config" });
    }

    [Fact]
    public async Task A_proxy_command_that_fails_means_that_the_node_is_not_reached()
    {
        lab.Require();
        var error = await Should.ThrowAsync<KubeCacheException>(() => ReachesAsync(lab.Connection(1) with { Arguments = "-o 'ProxyCommand=sh -c \"echo no way >&2; exit 1\"'" }).WaitAsync(TimeSpan.FromSeconds(20)));
        error.Kind.ShouldBe(ErrorKind.Reconnect);
        error.Message.ShouldContain("no way");
    }

    [Fact]
    public async Task A_bastion_whose_key_is_unknown_is_named_in_the_error()
    {
        lab.Require();
        await lab.WithSshdAsync(2, "", async port =>
        {
            var error = await Should.ThrowAsync<KubeCacheException>(() => ReachesAsync(lab.Connection(1) with { Bastion = lab.Connection(2) with { Port = port } }));
            error.Kind.ShouldBe(ErrorKind.GiveUp);
            error.Message.ShouldContain("bastion");
        });
    }

    private async Task ReachesAsync(SshConnection connection)
    {
        await using var shell = await NodeShells.ConnectAsync(lab.Node(1, new ContainerRuntime.None()) with { Connection = connection }, lab.Settings, CancellationToken.None);
        (await shell.RunAsync(new ShellCommand("cat /etc/hostname"), CancellationToken.None)).Output.ShouldBe("n1\n");
    }
}
