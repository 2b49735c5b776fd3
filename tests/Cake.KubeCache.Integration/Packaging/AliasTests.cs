using System.Xml.Linq;
using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>The aliases in the real Cake: the examples of their documentation, and targets in a user's own build.</summary>
[Collection(PackageCollection.Name)]
public sealed class AliasTests(PackedAddin addin)
{
    [Fact]
    public async Task Every_example_of_the_documentation_compiles_and_runs()
    {
        var examples = Examples();
        examples.Count.ShouldBeGreaterThanOrEqualTo(9);
        var tasks = examples.Where(e => !e.Contains("Task(", StringComparison.Ordinal)).Select((e, i) => $$"""Task("example{{i}}").Does(() => { {{e}} });""");
        var declarations = examples.Where(e => e.Contains("Task(", StringComparison.Ordinal));
        using var script = await ScriptAsync($"{string.Join('\n', tasks)}\n{string.Join('\n', declarations)}\nRunTargets(Arguments(\"target\", \"none\"));");

        // In an order in which each finds what it works on: what provisions goes first.
        var names = examples.Where(e => !e.Contains("Task(", StringComparison.Ordinal)).Select((e, i) => (Name: $"example{i}", First: e.Contains("Provision", StringComparison.Ordinal))).OrderByDescending(e => e.First).Select(e => $"--target={e.Name}");
        var run = await script.RunAsync([.. names, "--target=Deploy"]);

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldContain("the nodes have everything");
    }

    [Fact]
    public async Task Targets_chain_into_a_build_and_skip_what_is_up_to_date()
    {
        using var script = await ScriptAsync("""
            KubeCacheTargets(settings, prefix: "K-");
            Task("Deploy").IsDependentOn("K-Provision").Does(() => Information("deployed"));
            RunTargets(Arguments("target", "Deploy"));
            """);

        var first = await script.RunAsync("--target=Deploy");
        first.ExitCode.ShouldBe(0, first.Everything);
        first.Output.ShouldContain("deployed");
        File.Exists(script.Folder.At("node1/opt/tool")).ShouldBeTrue(first.Everything);

        var second = await script.RunAsync("--target=Deploy");
        second.Output.ShouldMatch(@"K-Fetch-tool\s+-\s+Skipped\s+up to date");
        second.Output.ShouldMatch(@"K-Push-node1\s+-\s+Skipped\s+up to date");

        // A requested target is never skipped: Cake would take it for one that could not be reached.
        var requested = await script.RunAsync("--target=K-Fetch-tool", "--target=K-Push-node1");
        requested.ExitCode.ShouldBe(0, requested.Everything);
        requested.Output.ShouldContain("tool is up to date");

        var tree = await script.RunAsync("--tree");
        tree.Output.ShouldContain("K-Push-node1");
        var dry = await script.RunAsync("--dryrun", "--target=Deploy");
        dry.ExitCode.ShouldBe(0, dry.Everything);
        dry.Output.ShouldContain("Up to date: 1 artifacts cached");
    }

    [Fact]
    public async Task A_failed_fetch_ends_its_own_target_and_nothing_that_depends_on_it_runs()
    {
        using var script = await ScriptAsync("""
            settings.Variables.Add("tool_url=file:///no/such/file");
            KubeCacheTargets(settings);
            Task("Deploy").IsDependentOn("Provision").Does(() => Information("deployed"));
            RunTargets(Arguments("target", "Deploy"));
            """);

        var run = await script.RunAsync("--target=Deploy");

        run.ExitCode.ShouldBe(1, run.Everything);
        run.Everything.ShouldContain("An error occurred when executing task 'Fetch-tool'.");
        run.Output.ShouldNotContain("deployed");
        run.Output.ShouldContain("lacks tool");
    }

    [Fact]
    public async Task A_build_adds_artifacts_of_its_own_and_is_told_before_and_after_a_node()
    {
        using var script = await ScriptAsync("""
            System.IO.File.WriteAllText("own.txt", "made by this build");
            settings.Artifacts.Add(new ExtraArtifact(new FileArtifact
            {
                Name = "own",
                Url = "file://" + MakeAbsolute(File("own.txt")).FullPath,
                Checksum = new Checksum.Known(Digest.Parse("sha256:" + CalculateFileHash("own.txt", HashAlgorithm.SHA256).ToHex())),
                Destination = "/opt/own.txt",
            }) { Groups = { "k8s_cluster" } });
            settings.BeforeNode = node => { Information("drain {0}", node); return System.Threading.Tasks.Task.CompletedTask; };
            settings.AfterNode = node => { Information("uncordon {0}", node); return System.Threading.Tasks.Task.CompletedTask; };
            var report = KubeCacheProvision(settings);
            Information("sent {0}, up to date: {1}", report.BytesSent, report.UpToDate);
            """.Replace("Groups = { \"k8s_cluster\" }", "Groups = new[] { \"k8s_cluster\" }", StringComparison.Ordinal));

        var first = await script.RunAsync();
        first.ExitCode.ShouldBe(0, first.Everything);
        File.ReadAllText(script.Folder.At("node1/opt/own.txt")).ShouldBe("made by this build");
        first.Output.IndexOf("drain node1", StringComparison.Ordinal).ShouldBeInRange(0, first.Output.IndexOf("uncordon node1", StringComparison.Ordinal));

        var second = await script.RunAsync();
        second.Output.ShouldContain("up to date: True");
        second.Output.ShouldNotContain("drain");
    }

    private static List<string> Examples() =>
    [
        .. XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Cake.KubeCache.xml")).Descendants("member")
            .Where(m => m.Attribute("name")!.Value.StartsWith("M:Cake.KubeCache.KubeCacheAliases.", StringComparison.Ordinal))
            .SelectMany(m => m.Descendants("code"))
            .Select(c => c.Value.Trim()),
    ];

    // The examples' own paths: an inventory beside the script, and a catalogue in ../kubespray.
    private async Task<CakeScript> ScriptAsync(string body)
    {
        var script = await CakeScript.CreateAsync(addin, $$"""
            #addin nuget:?package=Cake.KubeCache&version={version}
            var settings = new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "catalogue", Cache = "cache" };
            {{body.Replace("../kubespray", "catalogue", StringComparison.Ordinal)}}
            """);
        script.Folder.Write("tool", "#!/bin/sh\necho tool\n");
        script.Folder.Write("inventory/hosts.yml", $"""
            k8s_cluster:
              hosts:
                node1:
                  ansible_connection: local
                  container_manager: none
                  kubecache_root: "{script.Folder.At("node1")}"
              vars:
                download_cache_dir: "{script.Folder.At("cache")}"
            """);
        script.Folder.Write("catalogue/downloads.yml", $$$"""
            local_release_dir: /opt/releases
            tool_url: "file://{{{script.Folder.At("tool")}}}"
            downloads:
              tool:
                enabled: true
                file: true
                url: "{{ tool_url }}"
                checksum: "sha256:{{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(script.Folder.At("tool"))))}}}"
                dest: /opt/tool
                mode: "0755"
                groups: [k8s_cluster]
            """);
        return script;
    }
}
