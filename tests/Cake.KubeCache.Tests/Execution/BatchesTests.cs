using Cake.KubeCache.Execution;
using Shouldly;

namespace Cake.KubeCache.Tests.Execution;

public sealed class BatchesTests
{
    [Theory]
    [InlineData("1", 4, "1 1 1 1")]
    [InlineData("1,25%,100%", 12, "1 3 8")]
    [InlineData("1, 2", 6, "1 2 2 1")]
    [InlineData("30%", 10, "3 3 3 1")]
    [InlineData("1%", 3, "1 1 1")]
    [InlineData("9", 3, "3")]
    [InlineData("9", 0, "")]
    public void Divides_as_serial_does(string sizes, int nodes, string expected) =>
        string.Join(' ', Batches.Parse(sizes).Divide([.. Enumerable.Range(0, nodes)]).Select(b => b.Count)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1,,2")]
    [InlineData("101%")]
    [InlineData("half")]
    public void Refuses_what_is_no_size(string sizes) => Should.Throw<FormatException>(() => Batches.Parse(sizes)).Message.ShouldContain("1,25%,100%");
}
