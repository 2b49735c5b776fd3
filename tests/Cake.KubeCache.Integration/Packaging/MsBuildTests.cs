using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary><c>recipes/msbuild</c>: the package's targets in a project, with the real Cake.</summary>
[Collection(PackageCollection.Name)]
public sealed class MsBuildTests(PackedAddin addin)
{
    [Fact]
    public async Task A_project_provisions_with_one_target()
    {
        using var script = await CakeScript.CreateAsync(addin, "");
        var folder = script.Folder;
        folder.Write("Cluster.proj", (await File.ReadAllTextAsync(RepositoryRoot.Of("recipes/msbuild/Cluster.proj"))).Replace("Version=\"0.1.0\"", $"Version=\"{addin.Version}\"", StringComparison.Ordinal));
        folder.Write("nuget.config", $"""<configuration><packageSources><clear /><add key="packed" value="{addin.Folder}" /></packageSources><config><add key="globalPackagesFolder" value="{folder.At("packages")}" /></config></configuration>""");
        folder.Write("tool", "#!/bin/sh\n");
        folder.Write("hosts.ini", $"[k8s_cluster]\nnode1 ansible_connection=local container_manager=none kubecache_root={folder.At("node1")} download_cache_dir={folder.At("cache")}\n");
        folder.Write("catalogue/downloads.yml", $$"""
            local_release_dir: /opt/releases
            kubecache_allow_unverified: true
            downloads:
              tool: { enabled: true, file: true, url: "file://{{folder.At("tool")}}", dest: /opt/tool, groups: [k8s_cluster] }
            """);

        var build = await ExternalProgram.RunAsync("dotnet", ["build", "Cluster.proj", "-restore", "-t:KubeCacheProvision", "-p:KubeCacheInventory=hosts.ini", "-p:KubeCacheCatalogue=catalogue"], folder.Path);
        build.ExitCode.ShouldBe(0, build.Everything);
        File.Exists(folder.At("node1/opt/tool")).ShouldBeTrue(build.Everything);

        var wrong = await ExternalProgram.RunAsync("dotnet", ["build", "Cluster.proj", "-t:KubeCacheProvision"], folder.Path);
        wrong.ExitCode.ShouldNotBe(0);
        wrong.Everything.ShouldContain("KubeCacheInventory names no inventory");
    }
}
