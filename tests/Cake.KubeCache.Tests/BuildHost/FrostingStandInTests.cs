using System.Reflection;
using Cake.Frosting;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

/// <summary>
/// The stand-in may offer less than Cake.Frosting, never more: a task that used what only the stand-in has would not compile with
/// <c>-p:CakeFrom=packages</c>.
/// </summary>
public sealed class FrostingStandInTests
{
    // Public types and members of Cake.Frosting 7.0.0, as far as the stand-in has them.
    private static readonly string[] OfThePackage =
    [
        "AsyncFrostingTask", "AsyncFrostingTask`1", "AsyncFrostingTask`1.Finally", "AsyncFrostingTask`1.OnError", "AsyncFrostingTask`1.RunAsync",
        "AsyncFrostingTask`1.ShouldRun",
        "CakeHost", "CakeHost.ConfigureServices", "CakeHost.Run", "CakeHostExtensions", "CakeHostExtensions.UseContext", "CakeHostExtensions.UseLifetime",
        "FrostingContext", "FrostingLifetime`1", "FrostingLifetime`1.Setup", "FrostingLifetime`1.Teardown",
        "FrostingTask", "FrostingTask`1", "FrostingTask`1.Finally", "FrostingTask`1.OnError", "FrostingTask`1.Run", "FrostingTask`1.ShouldRun",
        "IFrostingContext", "IFrostingLifetime", "IFrostingSetup", "IFrostingSetup.Setup", "IFrostingTask", "IFrostingTask.Finally",
        "IFrostingTask.OnError", "IFrostingTask.RunAsync", "IFrostingTask.ShouldRun", "IFrostingTask.SkippedMessage", "IFrostingTeardown",
        "IFrostingTeardown.Teardown",
        "IsDependentOnAttribute", "IsDependentOnAttribute.Task", "TaskDescriptionAttribute", "TaskDescriptionAttribute.Description",
        "TaskNameAttribute", "TaskNameAttribute.Name",
    ];

    [Fact]
    public void Offers_nothing_that_the_package_does_not_have() =>
        typeof(CakeHost).Assembly.GetExportedTypes().Where(type => type.Namespace == "Cake.Frosting").SelectMany(Surface).Except(OfThePackage).ShouldBeEmpty();

    private static IEnumerable<string> Surface(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member is not ConstructorInfo and not MethodInfo { IsSpecialName: true })
        .Select(member => $"{type.Name}.{member.Name}")
        .Prepend(type.Name);
}
