using System.Security.Cryptography;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Delivery;

/// <summary>Output of scripts that is bytes and not text, over a real sshd and on this machine.</summary>
[Collection(LabCollection.Name)]
public sealed class ShellOutputTests(LabFixture lab)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Comes_byte_for_byte(bool remote)
    {
        lab.Require();
        var node = remote ? lab.Node(1, new ContainerRuntime.None()) : new Node { Name = "here", Connection = new LocalConnection(), Runtime = new ContainerRuntime.None(), ReleaseDirectory = "/tmp" };
        await using var shell = await NodeShells.ConnectAsync(node, lab.Settings, CancellationToken.None);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        var command = new ShellCommand("head -c 3000001 /dev/urandom > /tmp/kc-bytes; cat /tmp/kc-bytes; sha256sum < /tmp/kc-bytes >&2; rm /tmp/kc-bytes; exit 7")
        {
            Output = (piece, _) =>
            {
                hash.AppendData(piece.Span);
                count += piece.Length;
                return ValueTask.CompletedTask;
            },
        };

        var result = await shell.RunAsync(command, CancellationToken.None);

        result.ExitCode.ShouldBe(7);
        count.ShouldBe(3_000_001);
        result.Error.ShouldStartWith(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
