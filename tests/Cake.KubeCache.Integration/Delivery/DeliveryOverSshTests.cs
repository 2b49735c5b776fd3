using System.Text;
using Cake.KubeCache.Delivery;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Integration.Delivery;

/// <summary>What holds for images in every runtime, over real SSH into real runtimes.</summary>
[Collection(LabCollection.Name)]
public sealed class DeliveryOverSshTests(LabFixture lab) : IDisposable
{
    private readonly TestBlobs _blobs = new();

    private const int OfDirectory = 6;

    public static TheoryData<int> Runtimes => [1, 2, 3, LabFixture.NewerContainerd, LabFixture.NewerDocker, OfDirectory];

    public void Dispose() => _blobs.Dispose();

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task An_image_is_there_after_delivery_and_known_to_the_next_probe(int which)
    {
        lab.Require(which);
        var node = NodeOf(which);
        var (artifact, stored) = TestImages.Image(_blobs, $"registry.test/first/app{which}:v1", ("base", 300_000), ("middle", 50_000), ("top", 1_000));

        var outcome = await RunAsync(node, artifact, stored);
        outcome.Changed.ShouldBeTrue();
        outcome.Notes.ShouldBeEmpty();

        await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);
        var facts = await session.ProbeAsync([], CancellationToken.None);
        facts.RuntimeVersion.ShouldNotBeNull();
        facts.Images[artifact.Reference.Familiar].Complete.ShouldBeTrue();
        new[] { stored.Digest, stored.Image!.Config.Digest }.ShouldContain(facts.Images[artifact.Reference.Familiar].Digest);
        facts.DeliveredImages[artifact.Reference.Familiar].ShouldBe(stored.Digest);
        (await session.DeliverAsync(artifact, stored, _blobs, NoProgress.Instance, CancellationToken.None)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task Docker_is_asked_by_its_client_where_the_socket_cannot_be_asked()
    {
        lab.Require();
        var node = NodeOf(2);
        var (artifact, stored) = TestImages.Image(_blobs, "registry.test/asked/app:v1", ("asked", 20_000));
        await RunAsync(node, artifact, stored);
        var bySocket = await ProbeAsync();

        await lab.OnAsync(2, "mount --bind /bin/false $(command -v curl)");
        NodeFacts byClient;
        try
        {
            byClient = await ProbeAsync();
        }
        finally
        {
            await lab.OnAsync(2, "umount $(command -v curl)");
        }

        bySocket.Images.ShouldContainKey(artifact.Reference.Familiar);
        byClient.Images.OrderBy(i => i.Key).ShouldBe(bySocket.Images.OrderBy(i => i.Key));
        byClient.Chains.Order().ShouldBe(bySocket.Chains.Order());
        byClient.RuntimeVersion.ShouldBe(bySocket.RuntimeVersion);
        byClient.RuntimeVersion.ShouldNotBeNullOrEmpty();

        async Task<NodeFacts> ProbeAsync()
        {
            await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);
            return await session.ProbeAsync([], CancellationToken.None);
        }
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task A_changed_top_layer_travels_alone(int which)
    {
        lab.Require(which);
        var node = NodeOf(which);
        var (first, firstStored) = TestImages.Image(_blobs, $"registry.test/thin/app{which}:v1", ("thinbase" + which, 2_000_000), ("v1", 10_000));
        var (second, secondStored) = TestImages.Image(_blobs, $"registry.test/thin/app{which}:v2", ("thinbase" + which, 2_000_000), ("v2", 10_000));
        await RunAsync(node, first, firstStored);

        var outcome = await RunAsync(node, second, secondStored);
        outcome.Notes.ShouldBeEmpty();
        var missing = secondStored.Image!.Layers[^1].Blob.Size;
        outcome.BytesSent.ShouldBeLessThan((long)(missing * 1.02) + 65_536);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task A_moved_tag_is_brought_up_to_date(int which)
    {
        lab.Require(which);
        var node = NodeOf(which);
        var (first, firstStored) = TestImages.Image(_blobs, $"registry.test/moved/app{which}:v1", ("mbase", 20_000), ("old", 1_000));
        var (second, secondStored) = TestImages.Image(_blobs, $"registry.test/moved/app{which}:v1", ("mbase", 20_000), ("new", 1_000));
        await RunAsync(node, first, firstStored);
        (await RunAsync(node, second, secondStored)).Changed.ShouldBeTrue();
        (await RunAsync(node, second, secondStored)).Changed.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task An_image_that_was_brought_can_be_removed_and_no_other(int which)
    {
        lab.Require(which);
        var (artifact, stored) = TestImages.Image(_blobs, $"registry.test/removed/app{which}:v1", ("removed" + which, 20_000));
        await RunAsync(NodeOf(which), artifact, stored);
        await using var session = await NodeSession.ConnectAsync(NodeOf(which), lab.Settings, CancellationToken.None);
        (await Should.ThrowAsync<KubeCacheException>(() => session.RemoveImageAsync("registry.test/never:v1", CancellationToken.None))).Kind.ShouldBe(ErrorKind.GiveUp);
        await session.RemoveImageAsync(artifact.Reference.Familiar, CancellationToken.None);

        var facts = await session.ProbeAsync([], CancellationToken.None);
        facts.Images.ShouldNotContainKey(artifact.Reference.Familiar);
        facts.DeliveredImages.ShouldNotContainKey(artifact.Reference.Familiar);
        (await session.DeliverAsync(artifact, stored, _blobs, NoProgress.Instance, CancellationToken.None)).Changed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_arrives_with_owner_and_mode_and_the_second_run_is_one_command()
    {
        lab.Require();
        var node = NodeOf(3);
        var (file, stored) = TestImages.File(_blobs, "kubelet", "/usr/local/bin/kubelet", TestImages.Bytes("kubelet", 5_000_000));
        file = file with { Owner = "kube", Mode = "0750" };
        (await RunAsync(node, file, stored)).BytesSent.ShouldBe(5_000_000);

        (await lab.OnAsync(3, "stat -c '%U %a %s' /usr/local/bin/kubelet; ls -A /usr/local/bin | grep -c partial || true")).ShouldBe("kube 750 5000000\n0\n");
        await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);
        var facts = await session.ProbeAsync([file.Destination!], CancellationToken.None);
        facts.Files[file.Destination!].ShouldBe(new NodeFile(stored.Digest, 5_000_000, "kube", "0750", false) { Delivered = true });
        (await session.DeliverAsync(file, stored, _blobs, NoProgress.Instance, CancellationToken.None)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_disk_is_an_error_that_leaves_nothing_and_spares_the_connection()
    {
        lab.Require();
        var node = NodeOf(3);
        await lab.OnAsync(3, "mkdir -p /srv/small; mountpoint -q /srv/small || mount -t tmpfs -o size=1m tmpfs /srv/small");
        var (big, bigStored) = TestImages.File(_blobs, "big", "/srv/small/big", TestImages.Bytes("big", 30_000_000));
        var (small, smallStored) = TestImages.File(_blobs, "small", "/srv/small/small", Encoding.ASCII.GetBytes("small"));
        await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);

        var error = await Should.ThrowAsync<KubeCacheException>(() => session.DeliverAsync(big, bigStored, _blobs, NoProgress.Instance, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("No space left");
        (await lab.OnAsync(3, "ls -A /srv/small")).ShouldBe("");
        (await session.DeliverAsync(small, smallStored, _blobs, NoProgress.Instance, CancellationToken.None)).Changed.ShouldBeTrue();
    }

    private Node NodeOf(int which) => which switch
    {
        1 => lab.Node(1, new ContainerRuntime.Containerd()),
        2 => lab.Node(2, new ContainerRuntime.Docker()),
        3 => lab.Node(3, new ContainerRuntime.ContainersStorage()),
        LabFixture.NewerContainerd => lab.Node(which, new ContainerRuntime.Containerd()),
        LabFixture.NewerDocker => lab.Node(which, new ContainerRuntime.Docker()),
        _ => lab.Node(3, new ContainerRuntime.Directory("/var/lib/rancher/images")),
    };

    private async Task<DeliveryOutcome> RunAsync(Node node, Artifact artifact, StoredArtifact stored)
    {
        await using var session = await NodeSession.ConnectAsync(node, lab.Settings, CancellationToken.None);
        await session.ProbeAsync([], CancellationToken.None);
        return await session.DeliverAsync(artifact, stored, _blobs, NoProgress.Instance, CancellationToken.None);
    }
}
