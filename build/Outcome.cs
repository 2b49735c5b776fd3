using Cake.KubeCache.Model;

namespace Build;

/// <summary>
/// The exit code of a run that failed. Cake's own is 1 for everything; here 2 tells wrong input, before which nothing was started.
/// </summary>
public sealed class Outcome
{
    /// <summary>2 until a task could run (options that cannot be read, a target that is not there), then what the error says.</summary>
    public int ExitCode { get; private set; } = 2;

    /// <summary>Tasks are about to run: from here on, a failure is no longer one of the command line.</summary>
    public void Started() => ExitCode = 1;

    /// <summary>A run ended with this error, or with none.</summary>
    public void Failed(Exception? exception) => ExitCode = Find(exception)?.ExitCode ?? 1;

    private static KubeCacheException? Find(Exception? exception) => exception switch
    {
        null => null,
        KubeCacheException found => found,
        AggregateException many => many.InnerExceptions.Select(Find).FirstOrDefault(found => found is not null),
        _ => Find(exception.InnerException),
    };
}
