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
    public async Task The_large_are_fetched_first_and_what_nothing_is_known_of_before_the_small()
    {
        var artifacts = "abcde".Select(c => (Artifact)TestArtifacts.File($"file-{c}", c)).Append(TestArtifacts.Image("image")).ToList();
        var sizes = new Dictionary<string, long> { ["file-a"] = 10, ["file-b"] = 100_000_000, ["file-d"] = 20, ["file-e"] = 40_000_000 };
        await using var progress = new RunProgress(_log);
        var steps = new RunSteps
        {
            Fetch = (content, _, _) =>
            {
                _did.Enqueue(content.Artifact.Name);
                return Task.FromResult(new FetchStep(TestArtifacts.Stored(content.Artifact), 1, []));
            },
            SizeOf = a => sizes.TryGetValue(a.Name, out var size) ? size : null,
        };
        var graph = new RunGraph(Planner.Build([Host("n1") with { Artifacts = artifacts }], StoreSnapshot.Empty, new PlanOptions()), steps, progress);
        await using var runner = new WorkRunner(graph.Work, graph.Limits(new RunLimits(1, 1)), default);

        await runner.RunAsync();

        _did.ShouldBe(["file-b", "file-e", "image", "file-c", "file-d", "file-a"]);
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

    [Fact]
    public async Task Batches_follow_one_another()
    {
        await Run(PlanFor(StoreSnapshot.Empty, "n1", "n2", "n3"), serial: "1,2");

        var did = _did.Where(d => d.StartsWith("push", StringComparison.Ordinal)).ToList();
        did.Take(2).ShouldAllBe(d => d.StartsWith("push n1"));
        did.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_failure_leaves_the_later_batches_alone()
    {
        var report = await Run(PlanFor(StoreSnapshot.Empty, "n1", "n2", "n3", "n4"), failing: "push n2 kubectl", serial: "1");

        report.Nodes.Select(n => n.State).ShouldBe([StepState.Done, StepState.Failed, StepState.Blocked, StepState.Blocked]);
        report.Nodes[3].Deliveries[0].Error.ShouldBe("not tried: 'push n2 kubectl' failed");
        // What is downloaded is downloaded all the same.
        _did.Count(d => d.StartsWith("fetch", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task An_unreachable_node_leaves_the_later_batches_alone()
    {
        var hosts = new[] { Host("n1") with { Unreachable = new Fault("n1 does not answer") }, Host("n2") with { Facts = TestArtifacts.Facts("n2") } };

        var report = await Run(Planner.Build(hosts, StoreSnapshot.Empty, new PlanOptions()), serial: "50%");

        report.Nodes.Select(n => n.State).ShouldBe([StepState.Failed, StepState.Blocked]);
    }

    [Fact]
    public async Task Removes_what_nothing_wants_after_everything_else()
    {
        var facts = TestArtifacts.Facts("n1").With("/opt/kubelet", 'a').With("/opt/theirs", 'c');
        facts = facts with
        {
            Files = new Dictionary<string, NodeFile>(facts.Files) { ["/opt/old"] = new NodeFile(facts.Files["/opt/theirs"].Digest, 5, "root", "0755", false) { Delivered = true } },
            DeliveredImages = new Dictionary<string, Digest> { ["example.com/app:1"] = facts.Files["/opt/theirs"].Digest, ["example.com/gone:1"] = facts.Files["/opt/theirs"].Digest },
            Images = new Dictionary<string, NodeImage> { ["example.com/app:1"] = new(facts.Files["/opt/theirs"].Digest), ["example.com/other:1"] = new(facts.Files["/opt/theirs"].Digest) },
        };
        var plan = Planner.Build([Host("n1") with { Facts = facts }], StoreSnapshot.Empty, new PlanOptions());

        var kept = await Run(plan);
        kept.Nodes[0].Extras.Select(e => (e.Kind, e.Name, e.State)).ShouldBe([("file", "/opt/old", StepState.UpToDate), ("image", "example.com/app:1", StepState.UpToDate)]);
        _did.ShouldNotContain(d => d.StartsWith("remove", StringComparison.Ordinal));

        var pruned = await Run(plan, prunes: true);
        pruned.Nodes[0].Extras.Select(e => e.State).ShouldAllBe(s => s == StepState.Done);
        _did.Where(d => !d.StartsWith("fetch", StringComparison.Ordinal)).TakeLast(2).Order().ShouldBe(["remove n1 /opt/old", "remove n1 example.com/app:1"]);

        (await Run(plan, failing: "remove n1 /opt/old", prunes: true)).Nodes[0].State.ShouldBe(StepState.Failed);
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

    private async Task<RunReport> Run(Plan plan, string? failing = null, bool fetches = true, string? serial = null, bool prunes = false)
    {
        await using var progress = new RunProgress(_log);
        var steps = new RunSteps
        {
            Fetch = fetches ? (content, _, _) => Task.FromResult(Do($"fetch {content.Artifact.Name}", new FetchStep(TestArtifacts.Stored(content.Artifact), 1000, []))) : null,
            Deliver = (node, artifact, _, _, _) => Task.FromResult(Do($"push {node.Node.Name} {artifact.Name}", new DeliveryStep(10, true, []))),
        };
        steps = steps with { Remove = prunes ? (node, extra, _) => Task.FromResult(Do($"remove {node.Node.Name} {extra.Name}", true)) : null };
        var graph = new RunGraph(plan, steps, progress, serial is null ? null : Batches.Parse(serial));
        await using var runner = new WorkRunner(graph.Work, graph.Limits(new RunLimits(2, 2)), default);
        var results = (await runner.RunAsync()).ToDictionary(r => r.Key);
        var builder = new ReportBuilder(plan, graph, results, prunes);
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
