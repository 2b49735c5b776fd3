using Cake.KubeCache.Tests.Support;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport.Shells;

public sealed class LocalShellTests : IDisposable
{
    private readonly LocalNode _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Exit_code_output_and_error_come_back()
    {
        var result = await RunAsync("echo out; echo err >&2; exit 7", null);
        result.ShouldBe(new ShellResult(7, "out\n", "err\n"));
        result.LastErrorLine.ShouldBe("err");
    }

    [Fact]
    public async Task A_script_that_ends_before_it_read_its_input_reports_its_own_end()
    {
        var result = await RunAsync("echo full >&2; exit 3", async (stream, token) =>
        {
            var block = new byte[1 << 16];
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync(block, token);
            }
        }).WaitAsync(TimeSpan.FromSeconds(20));
        result.ExitCode.ShouldBe(3);
        result.LastErrorLine.ShouldBe("full");
    }

    [Fact]
    public async Task Cancelling_ends_the_script_and_its_children()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => new LocalShell(_node.Node).RunAsync(new ShellCommand("sleep 60; true"), cancel.Token).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task An_input_that_fails_is_the_error()
    {
        await Should.ThrowAsync<InvalidDataException>(() => RunAsync("cat", (_, _) => throw new InvalidDataException("broken source")).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    private Task<ShellResult> RunAsync(string script, ShellInput? input) =>
        new LocalShell(_node.Node).RunAsync(new ShellCommand(script) { Input = input }, CancellationToken.None);
}
