using Cake.KubeCache.Execution;
using Cake.KubeCache.Presentation.Live;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Presentation;

public sealed class LiveBarsTests : IAsyncDisposable
{
    private static readonly LiveTotal Total = new(1_500_000, 500_000);
    private readonly RunProgress _progress = new(new ListLog());

    public ValueTask DisposeAsync() => _progress.DisposeAsync();

    [Fact]
    public void A_wide_terminal_shows_bar_share_bytes_rate_and_time_left()
    {
        Begin("fetch greeter", done: 1_200_000, expected: 2_400_000);
        Begin("push node1 kubelet", done: 5_000, expected: 0);

        LiveBars.Lines(_progress.Running, Total, 100, 10).ShouldBe([
            "fetch greeter      ████████████░░░░░░░░░░░░  50 %  1.2 MB of 2.4 MB",
            "push node1 kubelet 5 kB",
            "2 running, 1.5 MB moved, 500 kB/s, 2.4 s left",
        ]);
    }

    [Fact]
    public void A_narrow_terminal_still_shows_the_share_of_each()
    {
        Begin("fetch greeter", done: 1_200_000, expected: 2_400_000);

        LiveBars.Lines(_progress.Running, Total, 40, 10).ShouldBe(["fetch greeter █████████░░░░░░░░░░  50 %", "1.5 MB moved, 500 kB/s, 2.4 s left"]);
        LiveBars.Lines(_progress.Running, Total, 20, 10).ShouldBe(["fetch greeter  50 %", "500 kB/s"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(33)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_reaches_the_last_column(int width)
    {
        Begin("push a-node-with-a-name-that-is-longer-than-anybody-would-like kube-controller-manager", done: 123_456_789, expected: 987_654_321);
        Begin("fetch x", done: 1, expected: 0);

        LiveBars.Lines(_progress.Running, Total, width, 10).ShouldAllBe(l => l.Length <= Math.Max(1, width - 1));
    }

    [Fact]
    public void What_does_not_fit_is_counted()
    {
        for (var i = 0; i < 10; i++)
        {
            Begin($"fetch {i}", done: 1, expected: 2);
        }

        var lines = LiveBars.Lines(_progress.Running, Total, 100, 4);

        lines.Count.ShouldBe(4);
        lines[^1].ShouldStartWith("10 running (7 not shown), ");
    }

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        var rate = new RecentRate();

        rate.Of(0, TimeSpan.Zero).ShouldBe(0);
        rate.Of(1_000, TimeSpan.FromSeconds(1)).ShouldBe(1_000);
        rate.Of(1_000, TimeSpan.FromSeconds(6)).ShouldBe(0);
        rate.Of(5_000, TimeSpan.FromSeconds(8)).ShouldBe(2_000);
    }

    private void Begin(string what, long done, long expected)
    {
        var transfer = _progress.Begin(what);
        transfer.Expect(expected);
        transfer.Advance(done);
    }
}
