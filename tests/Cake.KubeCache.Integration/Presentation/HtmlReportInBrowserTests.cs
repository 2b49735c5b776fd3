using Cake.KubeCache.Integration.Fetch;
using Cake.KubeCache.Presentation.Html;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Integration.Presentation;

/// <summary>The HTML report in a real browser.</summary>
public sealed class HtmlReportInBrowserTests
{
    [Fact]
    public async Task Chromium_shows_every_section_and_loads_nothing_else()
    {
        Daemon.Need("chromium");
        using var folder = new TemporaryFolder();
        var page = folder.Write("report.html", HtmlReport.Render(TestReports.Mixed));

        var dom = await ChromiumAsync(folder, "--dump-dom", $"file://{page}");
        dom.ExitCode.ShouldBe(0, dom.Everything);
        foreach (var section in new[] { "What failed", "Timeline", "Nodes", "Artifacts", "Done and skipped, and why" })
        {
            dom.Output.ShouldContain($"<h2>{section}</h2>");
        }

        // The browser parsed what was written: nothing was dropped, moved or left open.
        dom.Output.ShouldContain("etcd-&lt;v3&gt;.tar.gz");
        dom.Output.Split("<details>").Length.ShouldBe(TestReports.Mixed.Nodes.Count + 1);

        var picture = folder.At("report.png");
        (await ChromiumAsync(folder, "--window-size=400,900", $"--screenshot={picture}", $"file://{page}")).ExitCode.ShouldBe(0);
        new FileInfo(picture).Length.ShouldBeGreaterThan(10_000);
    }

    private static Task<ProgramResult> ChromiumAsync(TemporaryFolder folder, params string[] arguments) => ExternalProgram.RunAsync("chromium",
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", $"--user-data-dir={folder.At("profile")}", .. arguments,
    ]);
}
