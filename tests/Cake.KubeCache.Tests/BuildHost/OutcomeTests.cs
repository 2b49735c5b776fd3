using Build;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

public sealed class OutcomeTests
{
    private readonly Outcome _outcome = new();

    [Fact]
    public void What_fails_before_a_task_runs_is_wrong_input() => _outcome.ExitCode.ShouldBe(2);

    [Fact]
    public void An_error_of_a_task_is_a_failure()
    {
        _outcome.Started();
        _outcome.Failed(new InvalidOperationException("it broke"));

        _outcome.ExitCode.ShouldBe(1);
    }

    [Theory]
    [InlineData(ErrorKind.Input, 2)]
    [InlineData(ErrorKind.GiveUp, 1)]
    [InlineData(ErrorKind.Retry, 1)]
    public void The_library_s_error_decides_wherever_Cake_wrapped_it(ErrorKind kind, int expected)
    {
        var error = new KubeCacheException(kind, new Fault("wrong"));
        _outcome.Started();
        _outcome.Failed(new AggregateException(new InvalidOperationException("other"), new InvalidOperationException("outer", error)));

        _outcome.ExitCode.ShouldBe(expected);
    }
}
