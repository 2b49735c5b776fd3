using Cake.KubeCache.Integration.BuildHost;
using Shouldly;

namespace Cake.KubeCache.Integration.Presentation;

/// <summary>What a CI service gets from the targets of the real host.</summary>
public sealed class CiLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GITHUB_ACTIONS", "::group::", "::endgroup::")]
    [InlineData("TF_BUILD", "##[group]", "##[endgroup]")]
    [InlineData("GITLAB_CI", "section_start:", "section_end:")]
    public async Task Fetching_and_pushing_are_a_group_each(string variable, string begin, string end)
    {
        var first = await RunAsync(variable);
        first.ExitCode.ShouldBe(0, first.Everything);
        Marks(first, begin, end).ShouldBe(["+Fetch", "-", "+Push", "-"], first.Everything);

        // The result stands outside of them: nobody has to unfold anything to see it.
        var lines = first.Output.Split('\n').ToList();
        lines.FindIndex(l => l.Contains("Provision: 4 of 4 artifacts fetched", StringComparison.Ordinal))
            .ShouldBeGreaterThan(lines.FindLastIndex(l => l.Contains(end, StringComparison.Ordinal)), first.Everything);

        // What is skipped says nothing, and opens nothing.
        Marks(await RunAsync(variable, "--target=Push-node1"), begin, end).ShouldBe(["+Push", "-"]);
    }

    [Fact]
    public async Task A_failure_leaves_no_group_open_and_is_annotated()
    {
        var run = await RunAsync("GITHUB_ACTIONS", "--set=hello_download_url=http://127.0.0.1:1/hello", "--set=download_retries=1");

        run.ExitCode.ShouldBe(1, run.Everything);
        Marks(run, "::group::", "::endgroup::").ShouldBe(["+Fetch", "-"], run.Everything);
        run.Output.ShouldContain("\n::error::hello was not fetched%0A");
        run.Output.ShouldContain("\n::error::node1 is not up to date%0A");
    }

    [Fact]
    public async Task Wrong_input_is_annotated_at_its_line()
    {
        var inventory = _folder.Write("inventory/hosts.ini", "[k8s_cluster]\nnode1 ansible_connection=local\n");
        _folder.Write("inventory/group_vars/all.yml", "kube_version: 1.36.4\n\nbin_dir: \"{{ no_such_variable }}/bin\"\n");
        _folder.Write("catalogue/downloads.yml", """
            downloads:
              tool: { enabled: true, file: true, url: "http://127.0.0.1:1/tool", checksum: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", dest: "{{ bin_dir }}/tool", groups: [k8s_cluster] }
            """);

        var run = await RunAsync("GITHUB_ACTIONS", $"--inventory={inventory}", $"--catalogue={_folder.At("catalogue")}");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Output.ShouldMatch(@"(?m)^::error file=[^,]*group_vars/all\.yml,line=3(,col=\d+)?::.*no_such_variable");
    }

    private static List<string> Marks(ProgramResult run, string begin, string end) => [.. run.Output.Split('\n')
        .Where(l => l.Contains(begin, StringComparison.Ordinal) || l.Contains(end, StringComparison.Ordinal))
        .Select(l => l.Contains(end, StringComparison.Ordinal) ? "-" : "+" + System.Text.RegularExpressions.Regex.Match(l, "[A-Z][a-z]+$").Value)];

    private Task<ProgramResult> RunAsync(string service, params string[] arguments) => ExternalProgram.RunAsync(
        "dotnet",
        [CompiledHost.Program, "--set=kubecache_root=" + _folder.At("{{ inventory_hostname }}"), "--cache=" + _folder.At("cache"), .. arguments],
        environment: new Dictionary<string, string?>
        {
            ["GITHUB_ACTIONS"] = null,
            ["TF_BUILD"] = null,
            ["GITLAB_CI"] = null,
            [service] = "true",
            ["NO_COLOR"] = "1",
            ["GITHUB_STEP_SUMMARY"] = _folder.At("summary.md"),
            ["GITHUB_OUTPUT"] = _folder.At("output"),
            ["GITHUB_WORKSPACE"] = null,
            ["AGENT_TEMPDIRECTORY"] = _folder.Path,
        });
}
