using Build.Upstream;
using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>recipes/frosting against the packed addin, compiled with the stand-in for Cake.Frosting.</summary>
[Collection(PackageCollection.Name)]
public sealed class FrostingRecipeTests(PackedAddin addin)
{
    [Fact]
    public async Task A_host_deploys_after_its_nodes_are_provisioned()
    {
        await using var upstream = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(RepositoryRoot.Of("recipes/frosting")))
        {
            File.Copy(file, folder.At(Path.GetFileName(file)));
        }

        // A package folder of its own: in the user's, a package of this version would stay, and be taken instead of a newer one.
        folder.Write("nuget.config", $"""<configuration><packageSources><add key="packed" value="{addin.Folder}" /></packageSources></configuration>""");
        var build = await ExternalProgram.RunAsync(
            "dotnet",
            [
                "build", "-v", "q", "--nologo", "-p:CakeFrom=tool", $"-p:KubeCacheVersion={addin.Version}", $"-p:KubeCacheRepository={RepositoryRoot.Path}",
                $"-p:RestorePackagesPath={folder.At("packages")}", $"-p:CakeDirectory={CakeTool.Folder}/",
            ],
            folder.Path);
        build.ExitCode.ShouldBe(0, build.Everything);

        var run = await ExternalProgram.RunAsync(
            "dotnet",
            [
                folder.At("bin/Debug/net10.0/Build.dll"),
                "--inventory=" + RepositoryRoot.Of("recipes/quickstart/inventory/hosts.ini"),
                "--catalogue=" + RepositoryRoot.Of("recipes/quickstart/catalogue"),
                "--cache=" + folder.At("cache"),
                "--set=kubecache_root=" + folder.At("{{ inventory_hostname }}"),
                .. upstream.Sets.Select(set => "--set=" + set),
            ]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("The nodes have everything: deploying.");
        File.Exists(folder.At("node2/usr/local/bin/hello")).ShouldBeTrue();
    }
}
