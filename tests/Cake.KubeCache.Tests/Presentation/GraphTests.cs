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

    [Fact]
    public void Every_notation_colours_a_target_by_its_state()
    {
        var (mermaid, dot, svg) = (MermaidGraph.Write(_graph), DotGraph.Write(_graph), XDocument.Parse(SvgGraph.Write(_graph)));
        GraphColors.Fill.Values.Distinct().Count().ShouldBe(Enum.GetValues<TargetGraph.State>().Length);

        foreach (var target in _graph.Targets)
        {
            var fill = GraphColors.Fill[target.Standing];
            mermaid.Split('\n').ShouldContain(l => l.Contains($"[\"{target.Name}<br/>", StringComparison.Ordinal) && l.EndsWith(":::" + target.Standing, StringComparison.Ordinal));
            mermaid.ShouldContain($"classDef {target.Standing} fill:{fill},");
            dot.Split('\n').ShouldContain(l => l.StartsWith($"  \"{target.Name}\" [", StringComparison.Ordinal) && l.EndsWith($"fillcolor=\"{fill}\"];", StringComparison.Ordinal));
            var box = svg.Descendants().Single(e => e.Name.LocalName == "rect" && e.Value.StartsWith(target.Name + ":", StringComparison.Ordinal));
            box.Attribute("fill")!.Value.ShouldBe(fill);
        }
    }

    [Fact]
    public void Images_that_kubeadm_names_come_after_it()
    {
        var (kubeadm, image) = (TestArtifacts.File("kubeadm"), TestArtifacts.Image("kube-apiserver"));
        var graph = TargetGraph.Of(Planner.Build([Host("n1") with { Artifacts = [kubeadm, image] }], TestArtifacts.Store(), new PlanOptions()), "K-");

        graph.Edges.ShouldContain(("K-Fetch-kubeadm", "K-Fetch-kube-apiserver"));
        SvgGraph.Write(graph).ShouldNotContain("NaN");
    }

    [Fact]
    public void A_large_cluster_is_drawn_with_the_joins_that_its_targets_have()
    {
        var artifacts = Enumerable.Range(0, 40).Select(a => (Artifact)TestArtifacts.Image($"a{a}")).ToList();
        var hosts = Enumerable.Range(0, 30).Select(n => Host($"n{n}") with { Artifacts = artifacts }).Append(Host("own") with { Artifacts = [artifacts[0]] });

        var graph = TargetGraph.Of(Planner.Build([.. hosts], TestArtifacts.Store(TestArtifacts.Stored(artifacts[0])), new PlanOptions()), "K-");

        graph.Targets.Single(t => t.Name == "K-Fetch-for-n0").ShouldBe(new TargetGraph.Target("K-Fetch-for-n0", "40 artifacts, 30 nodes", 1, TargetGraph.State.Todo));
        graph.Edges.Count(e => e.To == "K-Fetch-for-n0").ShouldBe(40);
        graph.Edges.Where(e => e.To == "K-Push-n29").ShouldBe([("K-Fetch-for-n0", "K-Push-n29")]);
        graph.Edges.Where(e => e.To == "K-Push-own").ShouldBe([("K-Fetch-a0", "K-Push-own")]);
        var svg = XDocument.Parse(SvgGraph.Write(graph));
        svg.Descendants().Count(e => e.Name.LocalName == "path").ShouldBe(40 + 30 + 1 + 31);
        svg.Descendants().Where(e => e.Name.LocalName == "rect").Select(e => e.Attribute("x")!.Value).Distinct().Count().ShouldBe(4);
    }

    private static PlanHost Host(string name) => new()
    {
        Node = TestArtifacts.Node(name),
        Groups = ["all"],
        Artifacts = [Kubelet, Pause],
        Settings = new DownloadSettings(),
    };
}
