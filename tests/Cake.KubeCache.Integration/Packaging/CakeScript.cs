using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>A folder with a Cake script, the tool manifest of this repository and a package source with the packed addin.</summary>
internal sealed class CakeScript : IDisposable
{
    private CakeScript(TemporaryFolder folder) => Folder = folder;

    public TemporaryFolder Folder { get; }

    /// <summary>Lays the folder out and restores the tool, as a user of the addin would.</summary>
    public static async Task<CakeScript> CreateAsync(PackedAddin addin, string script)
    {
        var folder = new TemporaryFolder();
        folder.Write(".config/dotnet-tools.json", await File.ReadAllTextAsync(RepositoryRoot.Of(".config/dotnet-tools.json")));
        folder.Write("nuget.config", $"""<configuration><packageSources><add key="packed" value="{addin.Folder}" /></packageSources></configuration>""");
        folder.Write("build.cake", script.Replace("{version}", addin.Version, StringComparison.Ordinal));
        var restore = await ExternalProgram.RunAsync("dotnet", ["tool", "restore"], folder.Path);
        restore.ExitCode.ShouldBe(0, restore.Everything);
        return new CakeScript(folder);
    }

    /// <summary>Runs <c>dotnet cake build.cake</c>.</summary>
    public Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => ExternalProgram.RunAsync(
        "dotnet", ["cake", "build.cake", .. arguments], Folder.Path, new Dictionary<string, string?> { ["NO_COLOR"] = "1" });

    public void Dispose() => Folder.Dispose();
}
