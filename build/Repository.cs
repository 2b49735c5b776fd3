using Cake.Core.IO;
using SystemFile = System.IO.File;

namespace Build;

/// <summary>Finds this repository from the program that was built out of it.</summary>
internal static class Repository
{
    private const string Marker = "Cake.KubeCache.slnx";

    /// <summary>The nearest folder at or above <paramref name="start"/> that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was moved out of the repository.</exception>
    public static DirectoryPath FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (SystemFile.Exists(System.IO.Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder at or above '{start}' holds {Marker}: run the build host out of its repository.");
    }
}
