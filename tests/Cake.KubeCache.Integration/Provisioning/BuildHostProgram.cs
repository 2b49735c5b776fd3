namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>The compiled build host, called as people call it.</summary>
internal static class BuildHostProgram
{
    // The host's own output folder: beside the tests, assemblies that the framework has are left out.
    public static string Program { get; } = RepositoryRoot.Of(
        $"build/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/Build.dll");

    /// <summary>Runs it to its end.</summary>
    public static Task<ProgramResult> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) => ExternalProgram.RunAsync(
        "dotnet",
        [Program, .. arguments],
        environment: new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["CI"] = null, ["GITHUB_ACTIONS"] = null });
}
