using System.Text;
using Cake.KubeCache.Delivery;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Lab;

/// <summary>Becoming root, or somebody else, with sudo.</summary>
[Collection(LabCollection.Name)]
public sealed class PrivilegeTests(LabFixture lab)
{
    private const string Password = "s3cret pass'word\\";

    [Fact]
    public async Task Sudo_without_a_password()
    {
        lab.Require();
        (await WhoAsync("kube", new Privilege(true))).Output.ShouldBe("root got the input");
        (await WhoAsync("kube", new Privilege(true, "nobody"))).Output.ShouldBe("nobody got the input");
        (await WhoAsync("kube", Privilege.None)).Output.ShouldBe("kube got the input");
    }

    [Fact]
    public async Task Root_needs_no_sudo()
    {
        lab.Require();
        (await WhoAsync("root", new Privilege(true, "root", new Secret("never asked for")))).Output.ShouldBe("root got the input");
    }

    [Fact]
    public async Task A_password_that_sudo_does_not_ask_for_is_not_taken_for_input()
    {
        lab.Require();
        (await WhoAsync("kube", new Privilege(true, "root", new Secret("not needed")))).Output.ShouldBe("root got the input");
    }

    [Fact]
    public async Task Sudo_with_a_password_that_shows_nowhere()
    {
        lab.Require();
        await AskingUserAsync();
        var result = await WhoAsync("ask", new Privilege(true, "root", new Secret(Password)), "ps -eo args | grep -c '[s]3cret'; ");
        result.Output.ShouldBe("0\nroot got the input");
        (await lab.OnAsync(3, "grep -rs s3cret /var/log || true")).ShouldBe("");
    }

    [Fact]
    public async Task A_wrong_password_is_an_error_that_does_not_show_it()
    {
        lab.Require();
        await AskingUserAsync();
        var error = await Should.ThrowAsync<KubeCacheException>(() => WhoAsync("ask", new Privilege(true, "root", new Secret("wr0ng"))).WaitAsync(TimeSpan.FromSeconds(30)));
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("cannot become root on n3");
        error.ToString().ShouldNotContain("wr0ng");
    }

    [Fact]
    public async Task A_missing_password_is_an_error_that_says_which_variable_gives_it()
    {
        lab.Require();
        await AskingUserAsync();
        var error = await Should.ThrowAsync<KubeCacheException>(() => WhoAsync("ask", new Privilege(true)).WaitAsync(TimeSpan.FromSeconds(30)));
        error.Message.ShouldContain("ansible_become_password");
    }

    [Fact]
    public async Task Files_and_images_arrive_through_sudo_with_a_password()
    {
        lab.Require();
        await AskingUserAsync();
        using var blobs = new TestBlobs();
        var node = lab.Node(3, new ContainerRuntime.ContainersStorage()) with
        {
            Connection = lab.Connection(3) with { User = "ask" },
            Privilege = new Privilege(true, "root", new Secret(Password)),
            ReleaseDirectory = "/opt/ask-releases",
        };
        var (file, fileStored) = TestImages.File(blobs, "f", "/usr/local/bin/by-ask", Encoding.ASCII.GetBytes("content"));
        var (image, imageStored) = TestImages.Image(blobs, "registry.test/ask:v1", ("ask", 10_000));
        await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);
        await session.DeliverAsync(file with { Owner = "root", Mode = "0700" }, fileStored, blobs, NoProgress.Instance, CancellationToken.None);
        await session.DeliverAsync(image, imageStored, blobs, NoProgress.Instance, CancellationToken.None);

        (await lab.OnAsync(3, "stat -c '%U %a' /usr/local/bin/by-ask; cat /usr/local/bin/by-ask")).ShouldBe("root 700\ncontent");
        (await session.ProbeAsync([], CancellationToken.None)).Images.ShouldContainKey("registry.test/ask:v1");
    }

    private Task<string> AskingUserAsync() =>
        lab.OnAsync(3, $"id ask >/dev/null 2>&1 || {{ useradd -m -s /bin/bash ask; echo {ShellQuote.Word("ask:" + Password)} | chpasswd; echo 'ask ALL=(ALL) ALL' > /etc/sudoers.d/ask; chmod 440 /etc/sudoers.d/ask; mkdir -p /home/ask/.ssh; cp /root/.ssh/authorized_keys /home/ask/.ssh/; chown -R ask /home/ask; }}");

    private async Task<ShellResult> WhoAsync(string user, Privilege privilege, string before = "")
    {
        var node = lab.Node(3, new ContainerRuntime.None()) with { Connection = lab.Connection(3) with { User = user }, Privilege = privilege };
        await using var shell = await NodeShells.ConnectAsync(node, lab.Settings, CancellationToken.None);
        return await shell.RunAsync(new ShellCommand(before + "printf '%s ' \"$(id -un)\"; cat") { Input = async (s, t) => await s.WriteAsync("got the input"u8.ToArray(), t) }, CancellationToken.None);
    }
}
