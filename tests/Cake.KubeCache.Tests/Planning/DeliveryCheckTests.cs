using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Planning;

public sealed class DeliveryCheckTests
{
    private static readonly FileArtifact Kubelet = TestArtifacts.File("kubelet");
    private static readonly ImageArtifact Pause = TestArtifacts.Image("pause");
    private static readonly NodeFacts Empty = TestArtifacts.Facts("n1");

    [Fact]
    public void A_file_with_the_same_content_owner_and_mode_is_up_to_date() =>
        Check(Kubelet, Empty.With("/opt/kubelet", 'a')).ShouldBe((DeliveryState.UpToDate, "up to date"));

    [Fact]
    public void What_differs_in_a_file_is_named()
    {
        Check(Kubelet, Empty).ShouldBe((DeliveryState.Missing, "not on the node"));
        Check(Kubelet, Empty.With("/opt/kubelet", 'b')).ShouldBe((DeliveryState.Different, "content bbbbbbbbbbbb instead of aaaaaaaaaaaa"));
        Check(Kubelet, Empty.With("/opt/kubelet", 'a', owner: "kube")).ShouldBe((DeliveryState.Different, "owner kube instead of root"));
        Check(Kubelet, Empty.With("/opt/kubelet", 'a', mode: "0644")).ShouldBe((DeliveryState.Different, "mode 0644 instead of 0755"));
        Check(Kubelet with { Unarchive = true }, Empty.With("/opt/kubelet", 'a')).ShouldBe((DeliveryState.Different, "not unpacked"));
        Check(Kubelet with { Unarchive = true }, Empty.With("/opt/kubelet", 'a', unpacked: true)).Item1.ShouldBe(DeliveryState.UpToDate);
    }

    [Fact]
    public void An_archive_that_was_unpacked_with_other_options_is_different()
    {
        var archive = Kubelet with { Unarchive = true };
        var there = Empty.With("/opt/kubelet", 'a', unpacked: true);
        NodeFacts With(FileArtifact made) => there with { Files = there.Files.ToDictionary(f => f.Key, f => f.Value with { UnpackKey = UnpackKey.Of(made) }) };

        Check(archive, With(archive)).Item1.ShouldBe(DeliveryState.UpToDate);
        Check(archive with { UnarchiveExtraOptions = ["--strip-components=1"] }, With(archive)).ShouldBe((DeliveryState.Different, "unpacked with other options"));
    }

    [Fact]
    public void A_leading_zero_makes_no_other_mode() => Check(Kubelet, Empty.With("/opt/kubelet", 'a', mode: "755")).Item1.ShouldBe(DeliveryState.UpToDate);

    [Fact]
    public void Without_a_sha256_nothing_can_be_told_before_the_fetch()
    {
        var file = Kubelet with { Checksum = new Checksum.Listed("sha256", "https://example.com/SHA256SUMS") };

        Check(file, Empty.With("/opt/kubelet", 'a')).ShouldBe((DeliveryState.Unknown, "not in the cache yet"));
        Check(file, Empty.With("/opt/kubelet", 'a'), TestArtifacts.Stored(file)).Item1.ShouldBe(DeliveryState.UpToDate);
    }

    [Fact]
    public void An_image_may_be_known_by_its_manifest_or_by_its_config()
    {
        var stored = TestArtifacts.Stored(Pause);

        Check(Pause, Empty.WithImage(Pause.Reference.Familiar, 'a'), stored).Item1.ShouldBe(DeliveryState.UpToDate);
        Check(Pause, Empty.WithImage(Pause.Reference.Familiar, 'c'), stored).Item1.ShouldBe(DeliveryState.UpToDate);
        Check(Pause, Empty.WithImage(Pause.Reference.Familiar, 'd'), stored).ShouldBe((DeliveryState.Different, "image dddddddddddd instead of aaaaaaaaaaaa"));
    }

    [Fact]
    public void An_incomplete_image_is_different() =>
        Check(Pause, Empty.WithImage(Pause.Reference.Familiar, 'a', complete: false), TestArtifacts.Stored(Pause)).ShouldBe((DeliveryState.Different, "incomplete on the node"));

    [Fact]
    public void Without_facts_nothing_is_known() => Check(Kubelet, null).ShouldBe((DeliveryState.Unknown, "not probed"));

    private static (DeliveryState, string) Check(Artifact artifact, NodeFacts? facts, StoredArtifact? stored = null)
    {
        var check = DeliveryCheck.Compare(artifact, stored, facts);
        return (check.State, check.Reason);
    }
}
