using Cake.KubeCache.Execution;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Execution;

public sealed class RunProgressTests
{
    [Fact]
    public async Task Says_that_it_lives_while_nothing_ends()
    {
        var log = new ListLog();
        await using var progress = new RunProgress(log, TimeSpan.FromMilliseconds(100));
        var transfer = progress.Begin("fetch etcd");
        transfer.Advance(5000);

        for (var i = 0; i < 100 && !log.Lines.Any(l => l.Contains("still running", StringComparison.Ordinal)); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        log.Lines[0].ShouldStartWith("still running: 1 transfer, 5 kB so far, longest fetch etcd for ");
    }

    [Fact]
    public async Task Says_nothing_where_nothing_runs()
    {
        var log = new ListLog();
        await using (var progress = new RunProgress(log, TimeSpan.FromMilliseconds(20)))
        {
            await Task.Delay(150, TestContext.Current.CancellationToken);
        }

        log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lines_of_one_transfer_stay_together()
    {
        var log = new ListLog();
        await using var progress = new RunProgress(log);
        var (one, two) = (progress.Begin("fetch a"), progress.Begin("fetch b"));
        one.Say("retry");
        two.Say("mirror");
        one.Say("resumed");
        progress.End(one, "fetched");
        progress.Fail(two, "gone");

        log.Lines.ShouldBe(["verbose: fetch a: retry", "verbose: fetch a: resumed", "fetch a: fetched", "verbose: fetch b: mirror", "error: fetch b: gone"]);
    }
}
