using System.Text.RegularExpressions;
using Build.Upstream;
using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>recipes/script against the packed addin, in the real Cake.</summary>
[Collection(PackageCollection.Name)]
public sealed partial class ScriptRecipeTests(PackedAddin addin)
{
    [Theory]
    [InlineData("#load kubecache.cake")]
    [InlineData("#load nuget:?package=Cake.KubeCache&version={version}")]
    public async Task A_build_deploys_after_its_nodes_are_provisioned(string load)
    {
        await using var upstream = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);
        using var script = await CakeScript.CreateAsync(
            addin, Recipe("build.cake").Replace("#load kubecache.cake", load, StringComparison.Ordinal));
        script.Folder.Write("kubecache.cake", Recipe("kubecache.cake").Replace("{version}", addin.Version, StringComparison.Ordinal));
        string[] arguments =
        [
            "--inventory=" + RepositoryRoot.Of("recipes/quickstart/inventory/hosts.ini"),
            "--catalogue=" + RepositoryRoot.Of("recipes/quickstart/catalogue"),
            "--cache=" + script.Folder.At("cache"),
            "--set=kubecache_root=" + script.Folder.At("{{ inventory_hostname }}"),
            .. upstream.Sets.Select(set => "--set=" + set),
        ];

        var first = await script.RunAsync(arguments);
        first.ExitCode.ShouldBe(0, first.Everything);
        first.Output.ShouldContain("The nodes have everything: deploying.");
        File.Exists(script.Folder.At("node3/usr/local/bin/hello")).ShouldBeTrue();

        var second = await script.RunAsync(arguments);
        second.ExitCode.ShouldBe(0, second.Everything);
        Skipped().Count(second.Output).ShouldBe(7, second.Everything);
    }

    private static string Recipe(string file) => VersionOfAddin().Replace(File.ReadAllText(RepositoryRoot.Of("recipes/script/" + file)), "{version}");

    [GeneratedRegex(@"(?<=package=Cake\.KubeCache&version=)[\w.-]+")]
    private static partial Regex VersionOfAddin();

    [GeneratedRegex(@"Cluster-(Fetch|Push)-\S+\s+-\s+Skipped\s+up to date")]
    private static partial Regex Skipped();
}
