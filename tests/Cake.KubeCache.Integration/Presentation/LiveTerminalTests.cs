using Cake.KubeCache.Integration.BuildHost;
using Shouldly;

namespace Cake.KubeCache.Integration.Presentation;

/// <summary>What somebody sees who sits before a terminal while the quickstart runs slowly: the real host under a real terminal.</summary>
public sealed class LiveTerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shows_a_bar_for_each_transfer_below_the_log_and_leaves_none_behind()
    {
        await using var terminal = await Terminal.StartAsync(_folder, 100, 50, Command());

        var live = await terminal.WaitAsync(lines => lines.Contains(" Fetch-greeter") && lines.Count(IsBar) >= 2 && lines[^1].EndsWith(" left", StringComparison.Ordinal));
        live[^1].ShouldMatch(@"^\d+ running, [\d.]+ [kM]?B moved, [\d.]+ [kM]?B/s, [\d.]+ s left$");
        live.ShouldContain(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^fetch \w+ +█*░* +\d+ %  [\d.]+ [kM]?B of [\d.]+ [kM]?B$"));

        // The headings of Cake's tasks and our lines are above the bars, and none was written over.
        live.Take(live.Count - 1).SkipWhile(l => !IsBar(l)).ShouldAllBe(l => IsBar(l) || l.EndsWith(" B", StringComparison.Ordinal));
        live.ShouldContain(" Fetch-hello");
        live.ShouldContain(" Fetch-greeter");

        var all = await terminal.WaitAsync(HasEnded, history: true);
        all.ShouldContain("ended with 0");
        all.ShouldNotContain(l => IsBar(l) || l.Contains(" running, ", StringComparison.Ordinal));
        foreach (var task in new[] { "Setup", "Fetch-hello", "Fetch-greeter", "Fetch-clock", "Fetch-phrasebook", "Fetch", "Push-node1", "Push-node2", "Push-node3", "Push", "Provision" })
        {
            all.Count(l => l == " " + task).ShouldBe(1, $"the heading of {task} in\n{string.Join('\n', all)}");
        }

        all.Count(l => l.StartsWith("push ", StringComparison.Ordinal)).ShouldBe(9);
        all.Count(l => l.StartsWith("fetch ", StringComparison.Ordinal)).ShouldBe(4);
        all.ShouldContain(l => l.StartsWith("╭─", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follows_a_terminal_that_is_narrow_and_becomes_wider_and_narrower()
    {
        await using var terminal = await Terminal.StartAsync(_folder, 40, 50, Command(rate: "350kB/s"));

        var narrow = await terminal.WaitAsync(lines => lines.Any(IsBar) && lines[^1].EndsWith(" left", StringComparison.Ordinal));
        narrow.Where(IsBar).ShouldAllBe(l => l.EndsWith('%'));

        await terminal.ResizeAsync(100, 50);
        await terminal.WaitAsync(lines => lines.Any(l => IsBar(l) && l.Contains(" of ", StringComparison.Ordinal)));

        // tmux tells its programs of a second change only a moment after the first.
        await Task.Delay(600, TestContext.Current.CancellationToken);
        await terminal.ResizeAsync(50, 50);
        await terminal.WaitAsync(lines => lines.Any(IsBar) && lines.All(l => !IsBar(l) || !l.Contains(" of ", StringComparison.Ordinal)));

        var all = await terminal.WaitAsync(HasEnded, history: true);
        all.ShouldContain("ended with 0");
        all.ShouldNotContain(l => IsBar(l), string.Join('\n', all));

        // Lines instead of tables that nobody can read.
        all.ShouldContain(l => l.StartsWith("node node1: done, 3 pushed, 0 up to date,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Control_C_ends_it_within_a_second_and_reports_what_was_done()
    {
        await using var terminal = await Terminal.StartAsync(_folder, 100, 50, Command("--report=" + _folder.At("report.json")));
        await terminal.WaitAsync(lines => lines.Any(IsBar));

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await terminal.PressAsync("C-c");
        var all = await terminal.WaitAsync(HasEnded, history: true);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        all.ShouldContain("ended with 1");
        all.ShouldContain(l => l.StartsWith("stopping (SIGINT)", StringComparison.Ordinal));
        all.ShouldNotContain(l => IsBar(l));
        File.ReadAllText(_folder.At("report.json")).ShouldContain("\"canceled\"");
        Directory.EnumerateFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();

        // What was stopped goes on where it was: nothing is in the way.
        var again = await CompiledHost.RunAsync(Arguments());
        again.ExitCode.ShouldBe(0, again.Everything);
    }

    [Theory]
    [InlineData("TERM=dumb", "")]
    [InlineData("CI=true", "")]
    [InlineData("NO_COLOR=1", "--verbosity=quiet")]
    public async Task Draws_nothing_where_that_is_not_wanted(string environment, string more)
    {
        await using var terminal = await Terminal.StartAsync(_folder, 100, 50, $"{environment} {Command(more)}");
        var seen = new List<string>();

        var all = await terminal.WaitAsync(
            lines =>
            {
                seen.AddRange(lines.Where(IsBar));
                return HasEnded(lines);
            },
            history: true);

        seen.ShouldBeEmpty();
        all.ShouldContain("ended with 0");
        if (more.Length > 0)
        {
            all.ShouldBe(["ended with 0"]);
        }
        else
        {
            all.ShouldContain(l => l.StartsWith("fetch hello: fetched hello, 195 B received", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Quiet_prints_the_failures_and_nothing_else()
    {
        var run = await CompiledHost.RunAsync([.. Arguments(), "--verbosity=quiet", "--set=hello_download_url=http://127.0.0.1:1/hello", "--set=download_retries=1"]);

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Everything.ShouldContain("fetch hello: ");
        run.Everything.ShouldContain("127.0.0.1:1");

        // Neither Cake's table of its tasks nor a heading: what is printed says what failed.
        run.Output.Trim().ShouldBeEmpty();
        run.Error.ShouldNotContain("Duration");
    }

    private static bool IsBar(string line) => line.Contains('█') || line.Contains('░');

    private static bool HasEnded(IReadOnlyList<string> lines) => lines.Any(l => l.StartsWith("ended with ", StringComparison.Ordinal));

    private string Command(string more = "", string rate = "800kB/s") => $"dotnet '{CompiledHost.Program}' --max-rate={rate} {string.Join(' ', Arguments().Select(a => $"'{a}'"))} {more}";

    private string[] Arguments() => ["--set=kubecache_root=" + _folder.At("{{ inventory_hostname }}"), "--cache=" + _folder.At("cache")];
}
