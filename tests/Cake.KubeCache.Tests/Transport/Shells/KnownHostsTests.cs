using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport.Shells;

public sealed class KnownHostsTests : IDisposable
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("the key itself");
    private static readonly byte[] Other = Encoding.ASCII.GetBytes("another key");
    private readonly string _folder = Directory.CreateTempSubdirectory("kubecache-known-").FullName;

    private string File1 => Path.Combine(_folder, "known_hosts");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("node1")]
    [InlineData("other,node1")]
    [InlineData("NODE1")]
    [InlineData("*")]
    [InlineData("node?")]
    [InlineData("no*1,!node2")]
    public void Trusts_a_key_that_is_listed_for_the_host(string hosts) => Judge($"{hosts} ssh-ed25519 {Base64(Key)} comment", 22).ShouldBeNull();

    [Theory]
    [InlineData("node2")]
    [InlineData("node1,!node1")]
    [InlineData("[node1]:2222")]
    [InlineData("# node1")]
    [InlineData("|1|bad|line")]
    [InlineData("node1 ssh-ed25519")]
    public void Does_not_know_other_hosts(string hosts)
    {
        var fault = Judge($"{hosts} ssh-ed25519 {Base64(Key)}", 22).ShouldNotBeNull();
        fault.What.ShouldContain("unknown");
        fault.Got!.ShouldContain("SHA256:");
        fault.Hint!.ShouldContain("ssh-keyscan");
    }

    [Fact]
    public void Another_port_has_its_own_entry()
    {
        Judge($"[node1]:2222 ssh-ed25519 {Base64(Key)}", 2222).ShouldBeNull();
        Judge($"node1 ssh-ed25519 {Base64(Key)}", 2222).ShouldNotBeNull().Hint!.ShouldContain("-p 2222");
    }

    [Fact]
    public void Reads_hashed_names()
    {
        var salt = RandomNumberGenerator.GetBytes(20);
#pragma warning disable CA5350 // the format's own hash
        var hash = HMACSHA1.HashData(salt, "[node1]:2222"u8);
#pragma warning restore CA5350
        Judge($"|1|{Base64(salt)}|{Base64(hash)} ssh-ed25519 {Base64(Key)}", 2222).ShouldBeNull();
        Judge($"|1|{Base64(salt)}|{Base64(hash)} ssh-ed25519 {Base64(Key)}", 22).ShouldNotBeNull();
    }

    [Fact]
    public void A_changed_key_is_refused_even_when_new_ones_are_accepted()
    {
        var fault = Judge($"node1 ssh-ed25519 {Base64(Other)}", 22, HostKeyPolicy.AcceptNew).ShouldNotBeNull();
        fault.What.ShouldContain("not the known one");
        fault.Where!.Line.ShouldBe(1);
        fault.Hint!.ShouldContain("ssh-keygen -R 'node1'");
    }

    [Fact]
    public void A_revoked_key_is_refused_whatever_else_is_said()
    {
        Judge($"node1 ssh-ed25519 {Base64(Key)}\n@revoked * ssh-ed25519 {Base64(Key)}", 22, HostKeyPolicy.Off).ShouldNotBeNull().What.ShouldContain("revoked");
    }

    [Fact]
    public void An_authority_vouches_for_certificates_not_for_keys()
    {
        var known = Load($"@cert-authority *.lab,node1 ssh-ed25519 {Base64(Key)}", 22, HostKeyPolicy.Strict);
        known.TrustsAuthority(Key).ShouldBeTrue();
        known.TrustsAuthority(Other).ShouldBeFalse();
        known.Judge("ssh-ed25519", Key).ShouldNotBeNull();
    }

    [Fact]
    public void Accepting_new_keys_writes_them_down()
    {
        Judge("", 2222, HostKeyPolicy.AcceptNew).ShouldBeNull();
        File.ReadAllText(File1).ShouldContain($"[node1]:2222 ssh-ed25519 {Base64(Key)}");
        Judge(null, 2222).ShouldBeNull();
    }

    [Fact]
    public void Says_which_kinds_of_key_are_known_so_that_one_of_them_is_asked_for() =>
        Load($"node1 ssh-rsa {Base64(Key)}\nnode1 ecdsa-sha2-nistp256 {Base64(Other)}\n@revoked node1 ssh-ed25519 {Base64(Key)}", 22, HostKeyPolicy.Strict).KeyTypes.ShouldBe(["ssh-rsa", "ecdsa-sha2-nistp256"]);

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private Cake.KubeCache.Model.Fault? Judge(string? text, int port, HostKeyPolicy policy = HostKeyPolicy.Strict) => Load(text, port, policy).Judge("ssh-ed25519", Key);

    private KnownHosts Load(string? text, int port, HostKeyPolicy policy)
    {
        if (text is not null)
        {
            File.WriteAllText(File1, text);
        }

        return KnownHosts.Load(new SshEndpoint { Name = "node1", Host = "node1", Port = port, User = "root", KnownHostsFiles = [File1], HostKeys = policy });
    }
}
