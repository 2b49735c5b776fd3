using Build.Arguments;
using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;

namespace Build;

/// <summary>What this build's tasks share: the repository's layout and the arguments.</summary>
public sealed class BuildContext(ICakeContext context, Caller caller) : FrostingContext(context)
{
    /// <summary>The repository's root; Cake's working directory.</summary>
    public DirectoryPath Root => Environment.WorkingDirectory;

    /// <summary>What is built and tested: Release unless named.</summary>
    public string BuildConfiguration => Arguments.GetArgument(KnownArguments.Configuration.Name) ?? "Release";

    /// <summary>What makes the version a pre-release, or null.</summary>
    public string? VersionSuffix => Arguments.GetArgument(KnownArguments.VersionSuffix.Name);

    /// <summary>Where <c>Pack</c> writes.</summary>
    public DirectoryPath Packages => Root.Combine("artifacts/packages");

    /// <summary>Where <c>Test</c> writes its results.</summary>
    public DirectoryPath TestResults => Root.Combine("artifacts/tests");

    /// <summary>The solution with everything in it.</summary>
    public FilePath Solution => Root.CombineWithFilePath("Cake.KubeCache.slnx");

    /// <summary>Every value that was given for an argument, in order.</summary>
    public IReadOnlyList<string> Values(KnownArgument argument) => [.. Arguments.GetArguments(argument.Name)];

    /// <summary>The paths that were given for an argument, relative ones below the folder that the caller stood in.</summary>
    public IReadOnlyList<FilePath> Paths(KnownArgument argument) =>
        [.. Values(argument).Select(path => new FilePath(path).MakeAbsolute(caller.Directory))];
}
