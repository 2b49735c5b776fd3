using System.Text.RegularExpressions;
using Cake.KubeCache.Presentation.Html;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Presentation;

public sealed partial class HtmlReportTests
{
    private readonly string _page = HtmlReport.Render(TestReports.Mixed);

    [Fact]
    public void Texts_are_escaped()
    {
        _page.ShouldContain("etcd-&lt;v3&gt;.tar.gz");
        _page.ShouldContain("404 &amp; gone");
        _page.ShouldNotContain("<v3>");
    }

    [Fact]
    public void Nothing_is_loaded_from_anywhere()
    {
        ExternalReference().Matches(_page).ShouldBeEmpty();
        _page.ShouldNotContain("<script");
    }

    [Fact]
    public void Totals_failures_timeline_and_matrix_are_there()
    {
        _page.ShouldContain("<h1 class=\"bad\">Provision failed</h1>");
        _page.ShouldContain("20 MB saved by the cache");
        _page.ShouldContain("98 MB were on the nodes");
        _page.ShouldContain("node3 does not answer");
        _page.ShouldContain("<svg class=\"timeline\"");
        CellOf("failed|stopped").Count.ShouldBe(2);
        CellOf("done").Count.ShouldBe(2);
        CellOf("same").Count.ShouldBe(2);
    }

    [Fact]
    public void What_nodes_downloaded_for_themselves_and_what_nothing_wants_is_there()
    {
        var report = TestReports.Mixed;
        var node = report.Nodes[1] with
        {
            Deliveries = [report.Nodes[1].Deliveries[0] with { State = Cake.KubeCache.Execution.StepState.Done, BytesDownloaded = 60_000_000 }],
            Extras = [new() { Kind = "image", Name = "example.com/<old>:1", State = Cake.KubeCache.Execution.StepState.Failed, Error = "in use" }],
        };

        var page = HtmlReport.Render(report with { Nodes = [node] });

        page.ShouldContain("60 MB downloaded by the node");
        page.ShouldContain("<p>node2 has what nothing wants any more: example.com/&lt;old&gt;:1 (failed: in use)</p>");
    }

    [Fact]
    public void A_wide_name_does_not_stretch_the_page() => _page.ShouldContain("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");

    private MatchCollection CellOf(string state) => Regex.Matches(_page, $"<td class=\"cell ({state})\"");

    [GeneratedRegex("(src|href)=|url\\(|@import|https?://(?!www\\.w3\\.org)")]
    private static partial Regex ExternalReference();
}
