using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>The addin's package: what the build made, or, when the tests are run by themselves, one made here.</summary>
public sealed class PackedAddin : IAsyncLifetime
{
    private TemporaryFolder? _own;

    /// <summary>A folder that is a package source.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>The package file.</summary>
    public string Package { get; private set; } = "";

    /// <summary>The package's version.</summary>
    public string Version => Path.GetFileNameWithoutExtension(Package)["Cake.KubeCache.".Length..];

    public async ValueTask InitializeAsync()
    {
        Folder = Environment.GetEnvironmentVariable("KUBECACHE_PACKAGES") ?? await PackAsync();
        Package = Directory.GetFiles(Folder, "Cake.KubeCache.*.nupkg").ShouldHaveSingleItem();
    }

    public ValueTask DisposeAsync()
    {
        _own?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> PackAsync()
    {
        _own = new TemporaryFolder();
        var pack = await ExternalProgram.RunAsync(
            "dotnet", ["pack", RepositoryRoot.Of("src/Cake.KubeCache"), "-c", "Release", "-v", "q", "--nologo", "-o", _own.Path], RepositoryRoot.Path);
        pack.ExitCode.ShouldBe(0, pack.Everything);
        return _own.Path;
    }
}
