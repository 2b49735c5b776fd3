using Cake.KubeCache.Tests.Support;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport.Shells;

public sealed class ShellQuoteTests
{
    public static TheoryData<string> Awkward => ["plain", "it's", "a b", "$HOME `id` \\ \" !x", "", "tab\there", "line\nend", "ünï — ✓", "-n", "';exit 3;'"];

    [Theory]
    [MemberData(nameof(Awkward))]
    public async Task A_word_means_itself_to_the_shell(string text)
    {
        using var node = new LocalNode();
        var result = await new LocalShell(node.Node).RunAsync(new ShellCommand($"printf '%s|' {ShellQuote.Word(text)}"), CancellationToken.None);
        result.Output.ShouldBe(text + "|");
    }

    [Fact]
    public async Task A_script_for_any_login_shell_runs_in_sh_and_reads_the_same_input()
    {
        using var node = new LocalNode();
        var line = ShellQuote.ForAnyLoginShell("read -r a; printf '%s %s' \"$a\" 'it'\\''s!'");
        line.ShouldNotContain("!");
        line.ShouldNotContain("\n");
        var result = await new LocalShell(node.Node).RunAsync(new ShellCommand(line) { Input = async (s, t) => await s.WriteAsync("hello\n"u8.ToArray(), t) }, CancellationToken.None);
        result.Output.ShouldBe("hello it's!");
    }
}
