using System.Xml.Linq;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation.Graphs;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Presentation;

public sealed class GraphTests
{
    private static readonly FileArtifact Kubelet = TestArtifacts.File("kubelet");
    private static readonly ImageArtifact Pause = TestArtifacts.Image("pause");
    private readonly TargetGraph _graph = TargetGraph.Of(
        Planner.Build(
            [
                Host("n1") with { Facts = TestArtifacts.Facts("n1").With("/opt/kubelet", 'a').WithImage(Pause.Reference.Familiar, 'a') },
                Host("n2") with { Facts = TestArtifacts.Facts("n2") },
                Host("n3") with { Unreachable = new Fault("n3 is gone") },
            ],
            TestArtifacts.Store(TestArtifacts.Stored(Pause)),
            new PlanOptions()),
        prefix: "");

    [Fact]
    public void States_come_from_the_plan() => _graph.Targets.ToDictionary(t => t.Name, t => t.Standing).ShouldBe(new Dictionary<string, TargetGraph.State>
    {
        ["Fetch-kubelet"] = TargetGraph.State.Todo,
        ["Fetch-pause"] = TargetGraph.State.UpToDate,
        ["Push-n1"] = TargetGraph.State.UpToDate,
        ["Push-n2"] = TargetGraph.State.Todo,
        ["Push-n3"] = TargetGraph.State.Broken,
        ["Provision"] = TargetGraph.State.Todo,
    });

    [Fact]
    public void Mermaid_names_every_target_and_edge()
    {
        var text = MermaidGraph.Write(_graph);

        text.ShouldStartWith("flowchart LR\n");
        text.ShouldContain("t0[\"Fetch-kubelet<br/>kubelet\"]:::Todo");
        text.Split('\n').Count(l => l.Contains("-->", StringComparison.Ordinal)).ShouldBe(_graph.Edges.Count);
        _graph.Edges.Count.ShouldBe(9);
    }

    [Fact]
    public void Dot_quotes_names() => DotGraph.Write(_graph).ShouldContain("\"Fetch-kubelet\" -> \"Push-n1\";");

    [Fact]
    public void Svg_is_well_formed_and_has_a_box_for_each_target()
    {
        var svg = XDocument.Parse(SvgGraph.Write(_graph));

        svg.Descendants().Count(e => e.Name.LocalName == "rect").ShouldBe(_graph.Targets.Count);
        svg.Descendants().Count(e => e.Name.LocalName == "path").ShouldBe(_graph.Edges.Count);
    }

    private static PlanHost Host(string name) => new()
    {
        Node = TestArtifacts.Node(name),
        Groups = ["all"],
        Artifacts = [Kubelet, Pause],
        Settings = new DownloadSettings(),
    };
}
