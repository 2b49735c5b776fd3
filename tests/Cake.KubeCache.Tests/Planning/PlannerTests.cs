using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly FileArtifact Kubelet = TestArtifacts.File("kubelet");
    private static readonly ImageArtifact Pause = TestArtifacts.Image("pause");

    [Fact]
    public void The_same_content_for_several_nodes_is_fetched_once()
    {
        var plan = Planner.Build([Host("n1", Kubelet), Host("n2", Kubelet with { Destination = "/elsewhere" })], StoreSnapshot.Empty, new PlanOptions());

        plan.Artifacts.ShouldHaveSingleItem().Nodes.ShouldBe(["n1", "n2"]);
        plan.ToFetch.ShouldBe(1);
        plan.ToPush.ShouldBe(2);
    }

    [Fact]
    public void Two_platforms_of_one_image_are_two_contents()
    {
        var arm = Pause with { Platform = Platform.FromMachine("aarch64") };

        Planner.Build([Host("n1", Pause), Host("n2", arm)], StoreSnapshot.Empty, new PlanOptions()).Artifacts.Count.ShouldBe(2);
    }

    [Fact]
    public void All_cached_and_all_in_place_is_up_to_date()
    {
        var facts = TestArtifacts.Facts("n1").With("/opt/kubelet", 'a').WithImage(Pause.Reference.Familiar, 'a');
        var plan = Planner.Build([Host("n1", Kubelet, Pause) with { Facts = facts }], TestArtifacts.Store(TestArtifacts.Stored(Kubelet), TestArtifacts.Stored(Pause)), new PlanOptions());

        plan.UpToDate.ShouldBeTrue();
    }

    [Fact]
    public void Tags_are_resolved_anew_only_when_asked_for()
    {
        var store = TestArtifacts.Store(TestArtifacts.Stored(Kubelet), TestArtifacts.Stored(Pause));

        States(new PlanOptions()).ShouldBe([FetchState.Cached, FetchState.Cached]);
        States(new PlanOptions { Refresh = true }).ShouldBe([FetchState.Cached, FetchState.Refresh]);
        States(new PlanOptions(), new DownloadSettings { AlwaysPull = true }).ShouldBe([FetchState.Cached, FetchState.Refresh]);

        IEnumerable<FetchState> States(PlanOptions options, DownloadSettings? settings = null) =>
            Planner.Build([Host("n1", Kubelet, Pause) with { Settings = settings ?? new() }], store, options).Artifacts.Select(a => a.State);
    }

    [Fact]
    public void Switched_off_downloads_are_not_planned()
    {
        Names(new DownloadSettings { SkipDownloads = true }).ShouldBeEmpty();
        Names(new DownloadSettings { Containers = false }).ShouldBe(["kubelet"]);

        IEnumerable<string> Names(DownloadSettings settings) =>
            Planner.Build([Host("n1", Kubelet, Pause) with { Settings = settings }], StoreSnapshot.Empty, new PlanOptions()).Nodes[0].Deliveries.Select(d => d.Artifact.Name);
    }

    [Fact]
    public void Different_files_in_one_place_are_refused_with_all_who_want_it()
    {
        var a = TestArtifacts.File("a", 'a', "/opt/same");
        var b = TestArtifacts.File("b", 'b', "/opt/same");

        var error = Should.Throw<KubeCacheException>(() => Planner.Build([Host("n1", a, b), Host("n2", a, b)], StoreSnapshot.Empty, new PlanOptions()));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Message.ShouldContain("/opt/same on n1, n2");
        error.Message.ShouldContain("a, b");
    }

    private static PlanHost Host(string name, params Artifact[] artifacts) => new()
    {
        Node = TestArtifacts.Node(name),
        Groups = ["all"],
        Artifacts = artifacts,
        Settings = new DownloadSettings(),
    };
}
