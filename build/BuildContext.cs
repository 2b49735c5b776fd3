using Build.Arguments;
using Cake.Core;
using Cake.Frosting;

namespace Build;

/// <summary>What this build's tasks share: the repository's layout and the arguments.</summary>
public sealed class BuildContext(ICakeContext context, Repository repository) : FrostingContext(context)
{
    /// <summary>Where this repository is.</summary>
    public Repository Repository { get; } = repository;

    /// <summary>What is built and tested: Release unless named.</summary>
    public string BuildConfiguration => Arguments.GetArgument(KnownArguments.Configuration.Name) ?? "Release";

    /// <summary>What makes the version a pre-release, or null.</summary>
    public string? VersionSuffix => Arguments.GetArgument(KnownArguments.VersionSuffix.Name);

    /// <summary>Every value that was given for an argument, in order.</summary>
    public IReadOnlyList<string> Values(KnownArgument argument) => [.. Arguments.GetArguments(argument.Name)];
}
