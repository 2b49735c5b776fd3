using Cake.KubeCache.Execution;
using Shouldly;

namespace Cake.KubeCache.Tests.Execution;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1 kB")]
    [InlineData(1250, "1.3 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1 MB")]
    [InlineData(112_345_678, "112 MB")]
    [InlineData(5_000_000_000_000_000, "5000 TB")]
    public void Bytes_read_well(long bytes, string text) => Units.Bytes(bytes).ShouldBe(text);

    [Theory]
    [InlineData(0.04, "0.04 s")]
    [InlineData(3.25, "3.3 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(65.9, "1 min 05 s")]
    [InlineData(3599.9, "59 min 59 s")]
    [InlineData(7380, "2 h 03 min")]
    public void Durations_read_well(double seconds, string text) => Units.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
