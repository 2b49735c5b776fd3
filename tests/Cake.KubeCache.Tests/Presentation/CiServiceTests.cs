using Cake.KubeCache.Model;
using Cake.KubeCache.Presentation.Ci;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Presentation;

public sealed class CiServiceTests : IDisposable
{
    private static readonly Fault Fault = new("undefined variable, 100%\nreally") { Where = new SourcePosition("/repo/inventory/a,b.yml", 12, 3), Hint = "define it" };
    private readonly List<string> _lines = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ci");
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void GitHub_gets_groups_annotations_a_summary_and_outputs()
    {
        _environment["GITHUB_ACTIONS"] = "true";
        _environment["GITHUB_WORKSPACE"] = "/repo";
        _environment["GITHUB_STEP_SUMMARY"] = Path.Combine(_folder.FullName, "summary.md");
        _environment["GITHUB_OUTPUT"] = Path.Combine(_folder.FullName, "output");

        TellAll();

        _lines.ShouldBe([
            "::group::Provision",
            "::error file=inventory/a%2Cb.yml,line=12,col=3::undefined variable, 100%25%0Areally%0A  hint: define it",
            "::endgroup::",
        ]);
        File.ReadAllText(_environment["GITHUB_STEP_SUMMARY"]).ShouldContain("| node1 | not tried | 2 | 0 | 62 MB | etcd |");
        File.ReadAllLines(_environment["GITHUB_OUTPUT"]).ShouldContain("bytes-sent=62000000");
    }

    [Fact]
    public void Azure_gets_the_same_in_its_commands()
    {
        _environment["TF_BUILD"] = "True";
        _environment["AGENT_TEMPDIRECTORY"] = _folder.FullName;

        TellAll();

        _lines[0].ShouldBe("##[group]Provision");
        _lines[1].ShouldBe("##vso[task.logissue type=error;sourcepath=/repo/inventory/a,b.yml;linenumber=12;columnnumber=3;]undefined variable, 100%AZP25%0Areally%0A  hint: define it");
        _lines.ShouldContain("##vso[task.setvariable variable=succeeded;isOutput=true]false");
        _folder.GetFiles("*.md").ShouldHaveSingleItem();
    }

    [Fact]
    public void GitLab_gets_sections_that_end_as_they_began()
    {
        _environment["GITLAB_CI"] = "true";

        TellAll();

        _lines.Count.ShouldBe(2);
        _lines[0].ShouldMatch("section_start:[0-9]+:kubecache_1\r");
        _lines[1].ShouldMatch("section_end:[0-9]+:kubecache_1\r");
    }

    [Fact]
    public void Elsewhere_nothing_is_written()
    {
        TellAll();

        _lines.ShouldBeEmpty();
    }

    private void TellAll()
    {
        var service = CiService.Detect(_environment.GetValueOrDefault, _lines.Add);
        service.BeginGroup("Provision");
        service.Annotate(Fault);
        service.EndGroup();
        service.Conclude(TestReports.Mixed);
    }
}
