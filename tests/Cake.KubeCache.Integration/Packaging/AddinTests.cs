using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>The packed addin in the real Cake.</summary>
[Collection(PackageCollection.Name)]
public sealed class AddinTests(PackedAddin addin)
{
    [Fact]
    public async Task A_script_needs_nothing_but_the_addin_directive()
    {
        using var script = await CakeScript.CreateAsync(addin, """
            #addin nuget:?package=Cake.KubeCache&version={version}
            var settings = Cake.KubeCache.KubeCacheArguments.Read(Context);
            Information("inventories: {0}", string.Join(" and ", settings.Inventories));
            """);

        var run = await script.RunAsync("--inventory=a.ini", "--inventory=b.yml");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("inventories: a.ini and b.yml");
    }
}
