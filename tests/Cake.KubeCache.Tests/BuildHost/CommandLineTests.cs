using Build.Arguments;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Theory]
    [InlineData("--target=Plan", "--inventory=a", "--inventory=b", "--set", "x=--y", "--limit=all")]
    [InlineData("-t", "Plan", "-v=quiet", "--tree")]
    [InlineData("--TARGET=Plan")]
    [InlineData("--refresh", "--target=Fetch")]
    [InlineData]
    public void Lets_known_arguments_through(params string[] args)
    {
        CommandLine.Answer(args, _output, _error).ShouldBeNull();
        _error.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--inventroy=x", "--inventory")]
    [InlineData("--sets=a=b", "--set")]
    [InlineData("--catalog=x", "--catalogue")]
    [InlineData("--dry-run", "--dryrun")]
    public void Suggests_the_nearest_known_argument(string argument, string meant)
    {
        CommandLine.Answer([argument], _output, _error).ShouldBe(2);
        _error.ToString().ShouldContain($"did you mean {meant}?");
    }

    [Fact]
    public void Suggests_nothing_when_nothing_is_near()
    {
        CommandLine.Answer(["--zzzzzzzzzz"], _output, _error).ShouldBe(2);
        _error.ToString().ShouldContain("Unknown argument --zzzzzzzzzz");
        _error.ToString().ShouldNotContain("did you mean");
    }

    [Theory]
    [InlineData("--cache")]
    [InlineData("--cache=")]
    [InlineData("--cache", "--tree")]
    public void A_value_must_be_given(params string[] args)
    {
        CommandLine.Answer(args, _output, _error).ShouldBe(2);
        _error.ToString().ShouldContain("--cache has no value");
    }

    [Fact]
    public void A_single_value_may_not_be_given_twice()
    {
        CommandLine.Answer(["--cache=a", "--cache=b"], _output, _error).ShouldBe(2);
        _error.ToString().ShouldContain("--cache is given more than once");
    }

    [Fact]
    public void A_bare_word_may_have_been_meant_as_target()
    {
        CommandLine.Answer(["Provision"], _output, _error).ShouldBe(2);
        _error.ToString().ShouldContain("--target=Provision");
    }

    [Fact]
    public void Reports_all_faults_at_once()
    {
        CommandLine.Answer(["--foo", "--bar", "baz"], _output, _error).ShouldBe(2);
        _error.ToString().Split("Error: ").Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("--ver")]
    public void Tells_its_version_and_Cakes(string argument)
    {
        CommandLine.Answer([argument], _output, _error).ShouldBe(0);
        _output.ToString().ShouldMatch(@"^Cake\.KubeCache \d+\.\d+\.\d+\r?\nCake 7\.\d+\.\d+\r?\n$");
    }

    [Fact]
    public void Help_lists_every_argument()
    {
        CommandLine.Answer(["--help"], _output, _error).ShouldBe(0);
        KnownArguments.All.ShouldAllBe(argument => _output.ToString().Contains("--" + argument.Name));
    }
}
