using System.Reflection;
using Cake.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Declares the host's tasks and its lifetime on Cake's engine.</summary>
internal static class TaskRegistration
{
    public static void Register(IServiceProvider provider)
    {
        var engine = provider.GetRequiredService<ICakeEngine>();
        var context = provider.GetRequiredService<IFrostingContext>();
        foreach (var task in provider.GetServices<IFrostingTask>())
        {
            Declare(engine, context, task);
        }

        if (provider.GetService<IFrostingLifetime>() is { } lifetime)
        {
            engine.RegisterSetupAction(info => lifetime.Setup(context, info));
            engine.RegisterTeardownAction(info => lifetime.Teardown(context, info));
        }
    }

    private static void Declare(ICakeEngine engine, IFrostingContext context, IFrostingTask task)
    {
        var type = task.GetType();
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } description)
        {
            builder.Description(description.Description);
        }

        foreach (var needed in type.GetCustomAttributes<IsDependentOnAttribute>())
        {
            builder.IsDependentOn(NameOf(needed.Task));
        }

        // A handler is only declared where a task has one of its own: an empty error handler would swallow the error.
        if (Overrides(type, nameof(FrostingTask.Run)) || Overrides(type, nameof(IFrostingTask.RunAsync)))
        {
            builder.Does(() => task.RunAsync(context));
        }

        if (Overrides(type, nameof(IFrostingTask.ShouldRun)))
        {
            builder.WithCriteria(() => task.ShouldRun(context), task.SkippedMessage);
        }

        if (Overrides(type, nameof(IFrostingTask.OnError)))
        {
            builder.OnError(exception => task.OnError(exception, context));
        }

        if (Overrides(type, nameof(IFrostingTask.Finally)))
        {
            builder.Finally(() => task.Finally(context));
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name;

    private static bool Overrides(Type type, string method) =>
        type.GetMethods().Any(m => m.Name == method && m.IsVirtual && !IsBase(m.DeclaringType!));

    private static bool IsBase(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is { } definition &&
        (definition == typeof(FrostingTask<>) || definition == typeof(AsyncFrostingTask<>));
}
