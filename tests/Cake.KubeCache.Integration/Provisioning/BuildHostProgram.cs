using Cake.KubeCache.Integration.BuildHost;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>The compiled build host, called as people call it.</summary>
internal static class BuildHostProgram
{
    /// <summary>The program.</summary>
    public static string Program => CompiledHost.Program;

    /// <summary>Runs it to its end.</summary>
    public static Task<ProgramResult> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) => ExternalProgram.RunAsync(
        "dotnet",
        [Program, .. arguments],
        environment: new Dictionary<string, string?>(environment ?? new Dictionary<string, string?>()) { ["CI"] = null, ["GITHUB_ACTIONS"] = null });
}
