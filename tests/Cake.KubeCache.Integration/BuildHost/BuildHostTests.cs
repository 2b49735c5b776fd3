using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>The compiled build host, as people call it.</summary>
public sealed class BuildHostTests
{
    [Fact]
    public async Task Shows_what_the_targets_need()
    {
        var tree = await CompiledHost.RunAsync("--tree", "--target=Test");

        tree.ExitCode.ShouldBe(0, tree.Everything);
        Lines(tree).ShouldContain(line => line.EndsWith("  └─Build", StringComparison.Ordinal));
        Lines(tree).ShouldContain(line => line.EndsWith("─Fetch-hello", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_runs_nothing()
    {
        var run = await CompiledHost.RunAsync("--dryrun", "--target=Pack");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("No tasks were actually executed.");
        run.Output.ShouldNotContain(".nupkg");
    }

    [Fact]
    public async Task Lists_its_targets()
    {
        var run = await CompiledHost.RunAsync("--description");

        run.ExitCode.ShouldBe(0, run.Everything);
        foreach (var target in new[] { "Clean", "Restore", "Build", "Test", "Pack", "Plan", "Fetch", "Push", "Provision", "Status", "Default" })
        {
            Lines(run).ShouldContain(line => line.TrimStart().StartsWith(target + " ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--inventroy=x", "did you mean --inventory?")]
    [InlineData("--target=Nothing", "The target 'Nothing' was not found.")]
    [InlineData("--verbosity=loud", "loud")]
    public async Task Wrong_input_ends_with_2(string argument, string message)
    {
        var run = await CompiledHost.RunAsync(argument);

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldContain(message);
    }

    [Fact]
    public async Task An_exclusive_target_runs_alone_and_its_wrong_argument_ends_with_2()
    {
        var run = await CompiledHost.RunAsync("--target=Test", "--exclusive", "--suite=nothing");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Everything.ShouldContain("There is no such test suite");
        run.Output.ShouldNotContain("Restore");
    }

    [Fact]
    public async Task Without_a_report_there_is_no_table_of_tasks()
    {
        var run = await CompiledHost.RunAsync("--target=Default", "--exclusive", "--no-report");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldNotContain("Duration");
    }

    private static string[] Lines(ProgramResult run) => run.Output.ReplaceLineEndings("\n").Split('\n');
}
