using Cake.Core;

namespace Cake.Frosting;

/// <summary>A Cake task that is a class.</summary>
public interface IFrostingTask
{
    /// <summary>What is logged when the task is skipped.</summary>
    string SkippedMessage => string.Empty;

    /// <summary>Does the work.</summary>
    Task RunAsync(ICakeContext context);

    /// <summary>Whether the task is to run at all.</summary>
    bool ShouldRun(ICakeContext context);

    /// <summary>Handles an error of <see cref="RunAsync"/>; only called where it is overridden.</summary>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Runs after the task, whether it failed or not; only called where it is overridden.</summary>
    void Finally(ICakeContext context);
}
