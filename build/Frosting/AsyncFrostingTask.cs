using Cake.Core;

namespace Cake.Frosting;

/// <summary>An asynchronous task over Cake's own context.</summary>
public abstract class AsyncFrostingTask : AsyncFrostingTask<ICakeContext>;

/// <summary>An asynchronous task over the build's context.</summary>
/// <typeparam name="T">The build's context.</typeparam>
public abstract class AsyncFrostingTask<T> : IFrostingTask
    where T : ICakeContext
{
    /// <summary>Does the work.</summary>
    public virtual Task RunAsync(T context) => Task.CompletedTask;

    /// <summary>Whether the task is to run.</summary>
    public virtual bool ShouldRun(T context) => true;

    /// <summary>Handles an error of <see cref="RunAsync"/>.</summary>
    public virtual void OnError(Exception exception, T context)
    {
    }

    /// <summary>Runs after the task in any case.</summary>
    public virtual void Finally(T context)
    {
    }

    Task IFrostingTask.RunAsync(ICakeContext context) => RunAsync((T)context);

    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun((T)context);

    void IFrostingTask.OnError(Exception exception, ICakeContext context) => OnError(exception, (T)context);

    void IFrostingTask.Finally(ICakeContext context) => Finally((T)context);
}
