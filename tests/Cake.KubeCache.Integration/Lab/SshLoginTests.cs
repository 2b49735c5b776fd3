using System.Diagnostics;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Lab;

/// <summary>Logging in to a real sshd in the ways that people do, and what they are told when it does not work.</summary>
[Collection(LabCollection.Name)]
public sealed class SshLoginTests(LabFixture lab)
{
    [Fact]
    public async Task An_unknown_host_key_is_refused_with_its_fingerprint_and_how_to_add_it()
    {
        lab.Require();
        var error = await FailsAsync(Root, lab.Settings with { KnownHostsFiles = [Path.Combine(lab.State, "no-such-file")] });
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("is unknown");
        error.Message.ShouldContain("ssh-ed25519 SHA256:");
        error.Message.ShouldContain($"ssh-keyscan -p {lab.PortOf(3)} 127.0.0.1");
    }

    [Fact]
    public async Task A_changed_host_key_is_refused_even_when_new_ones_are_accepted()
    {
        lab.Require();
        var file = Path.Combine(lab.State, "known-changed");
        var other = (await File.ReadAllTextAsync(Path.Combine(lab.State, "id_ed25519_pass.pub"))).Split(' ');
        await File.WriteAllTextAsync(file, $"[127.0.0.1]:{lab.PortOf(3)} {other[0]} {other[1]}\n");
        var error = await FailsAsync(Root, lab.Settings with { KnownHostsFiles = [file], AcceptNewHostKeys = true });
        error.Message.ShouldContain("not the known one");
    }

    [Fact]
    public async Task A_new_key_can_be_accepted_and_is_known_from_then_on()
    {
        lab.Require();
        var file = Path.Combine(lab.State, "known-new");
        await RunAsync(Root, lab.Settings with { KnownHostsFiles = [file], AcceptNewHostKeys = true });
        await RunAsync(Root, lab.Settings with { KnownHostsFiles = [file] });
        (await File.ReadAllLinesAsync(file)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_hashed_known_hosts_file_is_read()
    {
        lab.Require();
        var file = Path.Combine(lab.State, "known-hashed");
        File.Copy(lab.KnownHosts, file, overwrite: true);
        await ToolAsync("ssh-keygen", "-q", "-H", "-f", file);
        (await File.ReadAllTextAsync(file)).ShouldContain("|1|");
        await RunAsync(Root, lab.Settings with { KnownHostsFiles = [file] });
    }

    [Theory]
    [InlineData("rsa", "3072")]
    [InlineData("ecdsa", "256")]
    [InlineData("ecdsa", "521")]
    [InlineData("ed25519", "256")]
    public async Task Keys_of_all_kinds_log_in(string kind, string bits)
    {
        lab.Require();
        await RunAsync(Root with { PrivateKeyFile = await NewKeyAsync($"key-{kind}-{bits}", "-t", kind, "-b", bits, "-N", "") }, lab.Settings);
    }

    [Fact]
    public async Task A_key_with_a_passphrase_logs_in_with_it_and_is_a_clear_error_without()
    {
        lab.Require();
        var key = Path.Combine(lab.State, "id_ed25519_pass");
        await RunAsync(Root with { PrivateKeyFile = key, PrivateKeyPassphrase = new Secret("secret") }, lab.Settings);
        (await FailsAsync(Root with { PrivateKeyFile = key }, lab.Settings)).Message.ShouldContain("ansible_ssh_private_key_passphrase");
        var wrong = await FailsAsync(Root with { PrivateKeyFile = key, PrivateKeyPassphrase = new Secret("hunter2") }, lab.Settings);
        wrong.Kind.ShouldBe(ErrorKind.GiveUp);
        wrong.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_key_that_the_node_does_not_know_is_a_clear_error()
    {
        lab.Require();
        var key = Path.Combine(lab.State, "stranger");
        await ToolAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        var error = await FailsAsync(Root with { PrivateKeyFile = key }, lab.Settings);
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain(key);
        error.Message.ShouldContain($"root@127.0.0.1:{lab.PortOf(3)}");
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task Keys_in_an_agent_log_in(string kind)
    {
        lab.Require();
        var key = await NewKeyAsync("agent-" + kind, "-t", kind, "-N", "");
        var socket = Path.Combine(lab.State, "agent-" + kind + ".sock");
        using var agent = Process.Start(new ProcessStartInfo("ssh-agent") { ArgumentList = { "-D", "-a", socket }, RedirectStandardOutput = true })!;
        try
        {
            for (var i = 0; i < 100 && !File.Exists(socket); i++)
            {
                await Task.Delay(20);
            }

            await ToolAsync("env", $"SSH_AUTH_SOCK={socket}", "ssh-add", "-q", key);
            var settings = lab.Settings with { Environment = new Dictionary<string, string>(lab.Settings.Environment) { ["SSH_AUTH_SOCK"] = socket, ["HOME"] = "/nonexistent" } };
            await RunAsync(Root with { PrivateKeyFile = null }, settings);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task A_password_logs_in_and_a_wrong_one_does_not_and_is_not_shown()
    {
        lab.Require();
        await lab.OnAsync(3, "id pw >/dev/null 2>&1 || useradd -m -s /bin/bash pw; echo pw:correct-horse | chpasswd");
        var login = new SshConnection { Host = "127.0.0.1", User = "pw", Password = new Secret("correct-horse") };
        await lab.WithSshdAsync(3, "-o PasswordAuthentication=yes -o UsePAM=no", async port =>
        {
            var settings = lab.Settings with { AcceptNewHostKeys = true, KnownHostsFiles = [Path.Combine(lab.State, "known-password")] };
            await RunAsync(login with { Port = port }, settings);
            var error = await FailsAsync(login with { Port = port, Password = new Secret("battery-staple") }, settings);
            error.Kind.ShouldBe(ErrorKind.GiveUp);
            error.ToString().ShouldNotContain("battery-staple");
            error.Message.ShouldContain("password");
        });
    }

    [Fact]
    public async Task Nothing_that_listens_means_connecting_again_may_help()
    {
        lab.Require();
        (await FailsAsync(Root with { Port = 1 }, lab.Settings)).Kind.ShouldBe(ErrorKind.Reconnect);
    }

    [Theory]
    [InlineData("fish")]
    [InlineData("tcsh")]
    [InlineData("bash")]
    public async Task Any_login_shell_will_do_even_one_that_talks(string shell)
    {
        lab.Require();
        Assert.SkipUnless(File.Exists("/usr/bin/" + shell), $"{shell} is not installed");
        await lab.OnAsync(3, $"id {shell}user >/dev/null 2>&1 || useradd -m -p '*' -s /usr/bin/{shell} {shell}user; cd /home/{shell}user; mkdir -p .ssh .config/fish; cp /root/.ssh/authorized_keys .ssh/; echo 'echo Welcome to the machine' | tee .tcshrc .bashrc .config/fish/config.fish >/dev/null; chown -R {shell}user .");
        var result = await RunAsync(Root with { User = shell + "user" }, lab.Settings, "read -r a; echo \"got $a 'it!'\"; exit 4", "line\n");
        result.ShouldBe(new ShellResult(4, "got line 'it!'\n", result.Error));
    }

    private SshConnection Root => lab.Connection(3);

    private async Task<string> NewKeyAsync(string name, params string[] arguments)
    {
        var key = Path.Combine(lab.State, name);
        if (!File.Exists(key))
        {
            await ToolAsync("ssh-keygen", ["-q", .. arguments, "-f", key]);
            await File.AppendAllTextAsync(lab.PathOn(3, "/root/.ssh/authorized_keys"), await File.ReadAllTextAsync(key + ".pub"));
        }

        return key;
    }

    private static async Task ToolAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, error);
    }

    private Task<KubeCacheException> FailsAsync(SshConnection connection, ConnectSettings settings) =>
        Should.ThrowAsync<KubeCacheException>(() => RunAsync(connection, settings));

    private async Task<ShellResult> RunAsync(SshConnection connection, ConnectSettings settings, string script = "exit 0", string input = "")
    {
        var node = lab.Node(3, new ContainerRuntime.None()) with { Connection = connection };
        await using var shell = await NodeShells.ConnectAsync(node, settings, CancellationToken.None);
        var result = await shell.RunAsync(new ShellCommand(script) { Input = async (s, t) => await s.WriteAsync(System.Text.Encoding.UTF8.GetBytes(input), t) }, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        return result;
    }
}
