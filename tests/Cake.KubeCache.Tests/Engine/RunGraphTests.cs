using System.Collections.Concurrent;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Engine;

public sealed class RunGraphTests
{
    private static readonly FileArtifact Kubelet = TestArtifacts.File("kubelet");
    private static readonly FileArtifact Kubectl = TestArtifacts.File("kubectl", 'b');
    private readonly ConcurrentQueue<string> _did = new();
    private readonly ListLog _log = new();

    [Fact]
    public async Task Fetches_once_and_pushes_to_each_node_after_the_fetch()
    {
        var report = await Run(PlanFor(StoreSnapshot.Empty, "n1", "n2"));

        report.Succeeded.ShouldBeTrue();
        _did.Count(d => d == "fetch kubelet").ShouldBe(1);
        _did.ShouldContain("push n1 kubelet");
        _did.ToList().IndexOf("fetch kubelet").ShouldBeLessThan(_did.ToList().IndexOf("push n2 kubelet"));
        report.BytesReceived.ShouldBe(2000);
        report.BytesSent.ShouldBe(4 * 10);
    }

    [Fact]
    public async Task Does_nothing_when_all_is_in_place()
    {
        var facts = TestArtifacts.Facts("n1").With("/opt/kubelet", 'a').With("/opt/kubectl", 'b');
        var plan = Planner.Build([Host("n1") with { Facts = facts }], TestArtifacts.Store(TestArtifacts.Stored(Kubelet), TestArtifacts.Stored(Kubectl, 'b')), new PlanOptions());

        var report = await Run(plan);

        _did.ShouldBeEmpty();
        report.UpToDate.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failed_fetch_leaves_the_other_artifacts_and_says_what_each_node_lacks()
    {
        var report = await Run(PlanFor(StoreSnapshot.Empty, "n1"), failing: "fetch kubelet");

        report.Succeeded.ShouldBeFalse();
        report.Nodes[0].Lacking.ShouldBe(["kubelet"]);
        report.Nodes[0].Deliveries.Select(d => d.State).ShouldBe([StepState.Blocked, StepState.Done]);
        report.Artifacts.Single(a => a.Artifact == "kubelet").Error.ShouldBe("fetch kubelet broke");
    }

    [Fact]
    public async Task An_unreachable_node_does_not_stop_the_others()
    {
        var hosts = new[] { Host("n1") with { Unreachable = new Fault("n1 does not answer") }, Host("n2") with { Facts = TestArtifacts.Facts("n2") } };

        var report = await Run(Planner.Build(hosts, StoreSnapshot.Empty, new PlanOptions()));

        report.Nodes.Select(n => n.State).ShouldBe([StepState.Failed, StepState.Done]);
        report.Nodes[0].Lacking.ShouldBe(["kubelet", "kubectl"]);
    }

    [Fact]
    public async Task What_the_fetch_shows_to_be_in_place_is_not_pushed()
    {
        var listed = Kubelet with { Checksum = new Checksum.Listed("sha256", "https://example.com/SUMS") };
        var host = Host("n1") with { Artifacts = [listed], Facts = TestArtifacts.Facts("n1").With("/opt/kubelet", 'a') };

        var report = await Run(Planner.Build([host], StoreSnapshot.Empty, new PlanOptions()));

        _did.ShouldBe(["fetch kubelet"]);
        report.Nodes[0].Deliveries[0].State.ShouldBe(StepState.UpToDate);
    }

    [Fact]
    public async Task Pushing_what_is_not_cached_says_so()
    {
        var report = await Run(PlanFor(StoreSnapshot.Empty, "n1"), fetches: false);

        report.Nodes[0].State.ShouldBe(StepState.Failed);
        report.Nodes[0].Deliveries[0].Error.ShouldNotBeNull().ShouldContain("not in the cache");
    }

    [Fact]
    public async Task Each_transfer_leaves_one_line()
    {
        await Run(PlanFor(StoreSnapshot.Empty, "n1"));

        _log.Lines.ShouldContain("fetch kubelet: fetched kubelet, 1 kB received");
        _log.Lines.ShouldContain("push n1 kubelet: pushed kubelet, 10 B sent");
    }

    private static Plan PlanFor(StoreSnapshot store, params string[] nodes) =>
        Planner.Build([.. nodes.Select(n => Host(n) with { Facts = TestArtifacts.Facts(n) })], store, new PlanOptions());

    private static PlanHost Host(string name) => new()
    {
        Node = TestArtifacts.Node(name),
        Groups = ["all"],
        Artifacts = [Kubelet, Kubectl],
        Settings = new DownloadSettings(),
    };

    private async Task<RunReport> Run(Plan plan, string? failing = null, bool fetches = true)
    {
        await using var progress = new RunProgress(_log);
        var steps = new RunSteps
        {
            Fetch = fetches ? (content, _, _) => Task.FromResult(Do($"fetch {content.Artifact.Name}", new FetchStep(TestArtifacts.Stored(content.Artifact), 1000, []))) : null,
            Deliver = (node, artifact, _, _, _) => Task.FromResult(Do($"push {node.Node.Name} {artifact.Name}", new DeliveryStep(10, true, []))),
        };
        var graph = new RunGraph(plan, steps, progress);
        await using var runner = new WorkRunner(graph.Work, graph.Limits(new RunLimits(2, 2)), default);
        var results = (await runner.RunAsync()).ToDictionary(r => r.Key);
        var builder = new ReportBuilder(plan, graph, results);
        return new RunReport
        {
            Verb = "Provision",
            StartedAt = DateTimeOffset.UnixEpoch,
            Took = runner.Elapsed,
            Artifacts = builder.Artifacts(),
            Nodes = builder.Nodes(new Dictionary<string, TimeSpan>()),
        };

        T Do<T>(string what, T result)
        {
            _did.Enqueue(what);
            return what == failing ? throw new InvalidOperationException(what + " broke") : result;
        }
    }
}
