using System.Reflection;
using Build.Arguments;
using Build.Tasks.Provisioning;
using Cake.Core;
using Cake.Frosting;

namespace Build;

/// <summary>What this build's tasks share: the repository's layout and the arguments.</summary>
public sealed class BuildContext : FrostingContext
{
    /// <summary>Makes the context and declares the targets that come from the inventory.</summary>
    /// <exception cref="Cake.KubeCache.Model.KubeCacheException">The input is wrong.</exception>
    public BuildContext(ICakeContext context, Repository repository, Quickstart quickstart, Outcome outcome)
        : base(context)
    {
        Repository = repository;

        // Events instead of a lifetime: a second setup and teardown would stand in Cake's log without saying anything.
        var engine = (ICakeEngine)context.ServiceProvider.GetService(typeof(ICakeEngine))!;
        engine.BeforeSetup += (_, _) => outcome.Started();
        engine.AfterTeardown += (_, teardown) => outcome.Failed(teardown.TeardownContext.ThrownException);
        ProvisioningTargets.Declare(this, quickstart, OwnTasks());
    }

    /// <summary>Where this repository is.</summary>
    public Repository Repository { get; }

    /// <summary>What is built and tested: Release unless named.</summary>
    public string BuildConfiguration => Arguments.GetArgument(KnownArguments.Configuration.Name) ?? "Release";

    /// <summary>What makes the version a pre-release, or null.</summary>
    public string? VersionSuffix => Arguments.GetArgument(KnownArguments.VersionSuffix.Name);

    /// <summary>Every value that was given for an argument, in order.</summary>
    public IReadOnlyList<string> Values(KnownArgument argument) => [.. Arguments.GetArguments(argument.Name)];

    private static HashSet<string> OwnTasks() => typeof(BuildContext).Assembly.GetExportedTypes()
        .Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IFrostingTask)))
        .Select(t => t.GetCustomAttribute<TaskNameAttribute>()?.Name ?? t.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);
}
