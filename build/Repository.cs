using Cake.Core.IO;
using SystemFile = System.IO.File;

namespace Build;

/// <summary>This repository on disk.</summary>
/// <param name="Root">Its root folder.</param>
public sealed record Repository(DirectoryPath Root)
{
    private const string SolutionName = "Cake.KubeCache.slnx";

    /// <summary>The solution with everything in it.</summary>
    public FilePath Solution => Root.CombineWithFilePath(SolutionName);

    /// <summary>The addin's project.</summary>
    public FilePath Addin => Root.CombineWithFilePath("src/Cake.KubeCache/Cake.KubeCache.csproj");

    /// <summary>Where <c>Pack</c> writes.</summary>
    public DirectoryPath Packages => Root.Combine("artifacts/packages");

    /// <summary>Where <c>Test</c> writes its results.</summary>
    public DirectoryPath TestResults => Root.Combine("artifacts/tests");

    /// <summary>What is provisioned when no inventory is named.</summary>
    public DirectoryPath Quickstart => Root.Combine("recipes/quickstart");

    /// <summary>The catalogue that is used when none is named.</summary>
    public DirectoryPath Catalogue => Root.Combine("recipes/kubernetes");

    /// <summary>The nearest folder at or above <paramref name="start"/> that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was moved out of the repository.</exception>
    public static DirectoryPath FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (SystemFile.Exists(System.IO.Path.Combine(folder.FullName, SolutionName)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder at or above '{start}' holds {SolutionName}: run the build host out of its repository.");
    }
}
