namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>The build host: the one that started the tests, compiled ahead of time as people have it; else the one that was compiled with them.</summary>
internal static class CompiledHost
{
    // Its own output folder: beside the tests, assemblies that the framework has are left out.
    public static string Program { get; } = Environment.GetEnvironmentVariable("KUBECACHE_HOST") is { Length: > 0 } host ? host : RepositoryRoot.Of(
        $"build/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/Build.dll");

    public static Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => ExternalProgram.RunAsync(
        "dotnet", [Program, .. arguments], environment: new Dictionary<string, string?> { ["NO_COLOR"] = "1" });
}
