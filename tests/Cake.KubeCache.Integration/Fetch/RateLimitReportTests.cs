using System.Text.Json;
using Cake.KubeCache.Integration.Provisioning;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Integration.Fetch;

/// <summary>What a registry says about its limits, from its headers to what people see, by the build host.</summary>
public sealed class RateLimitReportTests
{
    [Fact]
    public async Task What_is_left_of_a_rate_limit_stands_in_the_table_and_in_both_reports()
    {
        await using var registry = await LoopbackRegistry.StartAsync();
        registry.Before = c =>
        {
            // As Docker Hub sends them.
            c.Response.Headers["ratelimit-limit"] = "100;w=21600";
            c.Response.Headers["ratelimit-remaining"] = "76;w=21600";
            return Task.FromResult(false);
        };
        registry.Push("team/app", "v1", TestImage.Make(["a"]));
        using var folder = new TemporaryFolder();
        folder.Write("catalogue/downloads.yml", $$"""
            downloads:
              app:
                enabled: true
                container: true
                repo: "{{registry.Host}}/team/app"
                tag: v1
                groups: [k8s_cluster]
            """);
        folder.Write("inventory/hosts.ini", "[kube_node]\nn1 ansible_connection=local container_manager=containerd\n[k8s_cluster:children]\nkube_node\n");
        folder.Write("inventory/group_vars/all.yml", $"kubecache_registries:\n  - registry: {registry.Host}\n    plain_http: true\n");
        string[] arguments = ["--target=Fetch", $"--inventory={folder.At("inventory", "hosts.ini")}", $"--catalogue={folder.At("catalogue")}"];

        var run = await BuildHostProgram.RunAsync([.. arguments, $"--cache={folder.At("one")}", $"--report={folder.At("report.json")}"]);
        var page = await BuildHostProgram.RunAsync([.. arguments, $"--cache={folder.At("two")}", $"--report={folder.At("report.html")}"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        var said = $"{registry.Host}: 76 of 100 pulls left";
        JsonDocument.Parse(File.ReadAllText(folder.At("report.json"))).RootElement.GetProperty("run").GetProperty("artifacts")[0].GetProperty("notes").EnumerateArray().Select(n => n.GetString()).ShouldBe([said]);
        run.Output.ShouldContain(said);
        page.ExitCode.ShouldBe(0, page.Everything);
        File.ReadAllText(folder.At("report.html")).ShouldContain(said);
    }
}
