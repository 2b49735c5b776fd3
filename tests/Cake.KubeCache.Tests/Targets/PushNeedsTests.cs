using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Targets;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Targets;

public sealed class PushNeedsTests
{
    [Fact]
    public void A_small_clusters_nodes_come_after_the_fetches_of_what_they_are_to_have()
    {
        var plan = Cluster(3, 4);

        var needs = PushNeeds.Of(plan);

        needs.Joins.ShouldBeEmpty();
        needs.Of(plan.Nodes[1]).ShouldBe(["Fetch-a0", "Fetch-a1", "Fetch-a2", "Fetch-a3"]);
    }

    [Fact]
    public void Many_nodes_that_want_the_same_share_one_join_and_a_node_of_its_own_kind_needs_none()
    {
        var hosts = Hosts(100, 60).Append(Host("own", Artifacts(3))).ToList();
        var plan = Plan(hosts);

        var needs = PushNeeds.Of(plan);

        var join = needs.Joins.ShouldHaveSingleItem();
        join.Name.ShouldBe("Fetch-for-n0");
        join.Artifacts.ShouldBe(Artifacts(60).Select(a => a.Name));
        join.Nodes.ShouldBe(100);
        needs.Of(plan.Nodes[99]).ShouldBe(["Fetch-for-n0"]);
        needs.Of(plan.Nodes[100]).ShouldBe(["Fetch-a0", "Fetch-a1", "Fetch-a2"]);
    }

    [Fact]
    public void A_join_keeps_clear_of_an_artifact_of_its_name()
    {
        var named = File("for-n0");
        var plan = Plan([.. Enumerable.Range(0, 100).Select(n => Host($"n{n}", [.. Artifacts(60), named]))]);

        PushNeeds.Of(plan).Joins.ShouldHaveSingleItem().Name.ShouldBe("Fetch-for-n0-all");
    }

    [Fact]
    public void A_join_that_runs_alone_covers_its_fetches_and_a_push_that_runs_alone_its_node()
    {
        var plan = Plan([.. Hosts(100, 60), Host("own", [File("other")])]);
        var needs = PushNeeds.Of(plan);

        var fetches = TargetScope.Of(new HashSet<string> { "x-Fetch-for-n0" }, plan, needs, "x-", exclusive: true);
        fetches.Restrict(plan).Artifacts.Select(a => a.Artifact.Name).ShouldBe(Artifacts(60).Select(a => a.Name));
        (fetches.Fetches, fetches.Pushes, fetches.Probes).ShouldBe((true, false, false));

        var push = TargetScope.Of(new HashSet<string> { "x-Push-n7" }, plan, needs, "x-", exclusive: true);
        push.Restrict(plan).Nodes.Select(n => n.Node.Name).ShouldBe(["n7"]);
        (push.Fetches, push.Pushes).ShouldBe((false, true));
    }

    [Fact]
    public void A_push_with_what_it_needs_fetches_what_its_node_lacks_and_nothing_else()
    {
        var plan = Plan([.. Hosts(100, 60), Host("own", [File("other")])]);
        var needs = PushNeeds.Of(plan);
        var executed = needs.Of(plan.Nodes[7]).Concat(Artifacts(60).Select(a => "Fetch-" + a.Name)).Append("Push-n7").ToHashSet();

        var scope = TargetScope.Of(executed, plan, needs, "", exclusive: false).Restrict(plan);

        scope.Nodes.Select(n => n.Node.Name).ShouldBe(["n7"]);
        scope.Artifacts.ShouldNotContain(a => a.Artifact.Name == "other");
        scope.Artifacts.Count.ShouldBe(60);
    }

    private static Plan Cluster(int nodes, int artifacts) => Plan([.. Hosts(nodes, artifacts)]);

    private static Plan Plan(IReadOnlyList<PlanHost> hosts) => Planner.Build(hosts, TestArtifacts.Store(), new PlanOptions());

    private static IEnumerable<PlanHost> Hosts(int nodes, int artifacts) => Enumerable.Range(0, nodes).Select(n => Host($"n{n}", Artifacts(artifacts)));

    private static List<Artifact> Artifacts(int count) => [.. Enumerable.Range(0, count).Select(a => File($"a{a}"))];

    // Of its own content each: artifacts of one content are one.
    private static FileArtifact File(string name) => TestArtifacts.File(name) with { Checksum = new Checksum.Known(Digest.Sha256(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))))) };

    private static PlanHost Host(string name, IReadOnlyList<Artifact> artifacts) => new()
    {
        Node = TestArtifacts.Node(name),
        Groups = ["all"],
        Artifacts = artifacts,
        Settings = new DownloadSettings(),
    };
}
