using Cake.KubeCache.Delivery;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Cake.KubeCache.Transport.Shells;
using Shouldly;

namespace Cake.KubeCache.Integration.Delivery;

/// <summary>What breaks on the way or on the node: in the end the node is right, or it is reported and the next run heals it.</summary>
[Collection(LabCollection.Name)]
public sealed class FaultTests(LabFixture lab) : IDisposable
{
    private const string Containerd = "ctr -n k8s.io";
    private const string DockersContainerd = "ctr -a /run/docker/containerd/containerd.sock -n moby";

    private readonly TestBlobs _blobs = new();

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task A_file_arrives_although_the_connection_is_cut_in_the_middle()
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.Zero);
        var (file, stored) = TestImages.File(_blobs, "cut", "/opt/cut/f", TestImages.Bytes("cut", 20_000_000));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None());
        await session.ProbeAsync([], CancellationToken.None);
        wire.CutAfter(5_000_000);

        (await DeliverAsync(session, file, stored)).Changed.ShouldBeTrue();
        wire.Connections.ShouldBe(2);
        (await session.ProbeAsync([], CancellationToken.None)).Files["/opt/cut/f"].Digest.ShouldBe(stored.Digest);
        await lab.OnAsync(3, "for i in $(seq 150); do ls -A /opt/cut | grep -q partial || exit 0; sleep 0.2; done; ls -lA /opt/cut; exit 1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_image_arrives_although_the_connection_is_cut_in_the_middle(int number)
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(number), TimeSpan.Zero);
        var (image, stored) = TestImages.Image(_blobs, $"registry.test/cut/app{number}:v1", ("cut-a" + number, 3_000_000), ("cut-b" + number, 3_000_000));
        await using var session = await ConnectAsync(wire, number, RuntimeOf(number));
        await session.ProbeAsync([], CancellationToken.None);
        wire.CutAfter(4_000_000);

        (await DeliverAsync(session, image, stored)).Changed.ShouldBeTrue();
        wire.Connections.ShouldBe(2);
        (await session.ProbeAsync([], CancellationToken.None)).Images[image.Reference.Familiar].Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_wire_that_goes_silent_counts_as_broken_after_a_while()
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.Zero);
        var (file, stored) = TestImages.File(_blobs, "stall", "/opt/stall", TestImages.Bytes("stall", 20_000_000));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None(), TimeSpan.FromSeconds(1));
        await session.ProbeAsync([], CancellationToken.None);
        wire.StallAfter(5_000_000);

        (await DeliverAsync(session, file, stored)).Changed.ShouldBeTrue();

        // Silence is a second here: a busy machine may be silent for that long once more without any fault.
        wire.Connections.ShouldBeInRange(2, 3);
    }

    [Fact]
    public async Task A_large_file_travels_over_several_channels_when_the_node_is_far()
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.FromMilliseconds(50));
        var (file, stored) = TestImages.File(_blobs, "far", "/opt/far/away", TestImages.Bytes("far", 60_000_000));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None());
        await session.ProbeAsync([], CancellationToken.None);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var outcome = await DeliverAsync(session, file with { Mode = "0755" }, stored);
        TestContext.Current.TestOutputHelper?.WriteLine($"{60 / clock.Elapsed.TotalSeconds:0} MB/s at 50 ms");

        outcome.BytesSent.ShouldBe(60_000_000);
        (await session.ProbeAsync([], CancellationToken.None)).Files["/opt/far/away"].ShouldBe(new NodeFile(stored.Digest, 60_000_000, "root", "0755", false) { Delivered = true });
        (await lab.OnAsync(3, "ls -A /opt/far")).ShouldBe("away\n");
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(12_000_000)]
    public async Task What_gives_way_is_compressed_when_the_node_is_far(int size)
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.FromMilliseconds(20));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None());
        var path = $"/opt/gives-way-{size}";
        await session.ProbeAsync([path], CancellationToken.None);
        using var blobs = new TestBlobs();
        // Half of it repeats, as in programs.
        var content = TestImages.Bytes("gives way", size);
        for (var at = 0; at < size; at += 8192)
        {
            content.AsSpan(at, Math.Min(4096, size - at)).Fill((byte)(at >> 13));
        }

        var (artifact, stored) = TestImages.File(blobs, "program", path, content);

        var outcome = await session.DeliverAsync(artifact, stored, blobs, NoProgress.Instance, CancellationToken.None);

        outcome.BytesSent.ShouldBeInRange(size / 2, (long)(size * 0.6));
        outcome.Notes.ShouldHaveSingleItem().ShouldStartWith("compressed on its way");
        wire.FromClient.ShouldBeLessThan((long)(size * 0.65));
        (await File.ReadAllBytesAsync(lab.PathOn(3, path))).ShouldBeBytes(content);
    }

    [Fact]
    public async Task A_full_disk_ends_a_far_upload_and_leaves_nothing()
    {
        lab.Require();
        await lab.OnAsync(3, "mkdir -p /srv/far; mountpoint -q /srv/far || mount -t tmpfs -o size=20m tmpfs /srv/far");
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.FromMilliseconds(50));
        var (file, stored) = TestImages.File(_blobs, "far", "/srv/far/f", TestImages.Bytes("far", 60_000_000));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None());
        var error = await Should.ThrowAsync<KubeCacheException>(() => DeliverAsync(session, file, stored));
        error.Message.ShouldContain("No space left");
        (await lab.OnAsync(3, "ls -A /srv/far")).ShouldBe("");
    }

    [Fact]
    public async Task Silence_of_a_command_that_works_is_not_taken_for_a_broken_wire()
    {
        lab.Require();
        await using var shell = await NodeShells.ConnectAsync(lab.Node(3, new ContainerRuntime.None()), lab.Settings with { SilenceLimit = TimeSpan.FromMilliseconds(500) }, CancellationToken.None);
        (await shell.RunAsync(new ShellCommand("sleep 2; echo done"), CancellationToken.None)).Output.ShouldBe("done\n");
    }

    [Fact]
    public async Task A_cancelled_delivery_ends_at_once_and_leaves_nothing()
    {
        lab.Require();
        await using var wire = new FaultyWire(lab.PortOf(3), TimeSpan.Zero);
        var (file, stored) = TestImages.File(_blobs, "cancel", "/opt/cancel", TestImages.Bytes("cancel", 20_000_000));
        await using var session = await ConnectAsync(wire, 3, new ContainerRuntime.None());
        await session.ProbeAsync([], CancellationToken.None);
        wire.StallAfter(5_000_000);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        await Should.ThrowAsync<OperationCanceledException>(() => session.DeliverAsync(file, stored, _blobs, NoProgress.Instance, cancel.Token).WaitAsync(TimeSpan.FromSeconds(5)));
        File.Exists(lab.PathOn(3, "/opt/cancel")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, Containerd)]
    [InlineData(LabFixture.NewerContainerd, Containerd)]
    [InlineData(LabFixture.NewerDocker, DockersContainerd)]
    public async Task An_image_that_another_tool_left_incomplete_is_found_and_mended(int number, string ctr)
    {
        lab.Require(number);
        var (image, stored) = TestImages.Image(_blobs, "registry.test/broken:v1", ("broken-a", 50_000), ("broken-b", 50_000));
        await RunAsync(number, image, stored);
        await lab.OnAsync(number, $"{ctr} content rm {string.Join(' ', stored.Image!.Layers.Select(l => l.Blob.Digest))}; for s in {string.Join(' ', stored.Image.Layers.Reverse().Select(l => l.ChainId))}; do {ctr} snapshots rm $s || ! {ctr} snapshots ls | grep -q $s; done");

        await using var session = await NodeSession.ConnectAsync(lab.Node(number, RuntimeOf(number)), lab.Settings, CancellationToken.None);
        (await session.ProbeAsync([], CancellationToken.None)).Images.GetValueOrDefault(image.Reference.Familiar)?.Complete.ShouldBeFalse();
        (await DeliverAsync(session, image, stored)).Changed.ShouldBeTrue();
        (await session.ProbeAsync([], CancellationToken.None)).Images[image.Reference.Familiar].Complete.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(LabFixture.NewerContainerd)]
    public async Task Layers_whose_blobs_were_discarded_after_unpacking_do_not_travel_again(int number)
    {
        lab.Require(number);
        var (first, firstStored) = TestImages.Image(_blobs, "registry.test/discarded:v1", ("discarded-base", 1_000_000), ("discarded-v1", 1_000));
        var (second, secondStored) = TestImages.Image(_blobs, "registry.test/discarded:v2", ("discarded-base", 1_000_000), ("discarded-v2", 1_000));
        await RunAsync(number, first, firstStored);
        await lab.OnAsync(number, $"ctr -n k8s.io content rm {string.Join(' ', firstStored.Image!.Layers.Select(l => l.Blob.Digest))}");

        await using var session = await NodeSession.ConnectAsync(lab.Node(number, RuntimeOf(number)), lab.Settings, CancellationToken.None);
        (await session.ProbeAsync([], CancellationToken.None)).Images[first.Reference.Familiar].Complete.ShouldBeTrue("it is unpacked");
        var outcome = await DeliverAsync(session, second, secondStored);
        outcome.BytesSent.ShouldBeLessThan(80_000);
        outcome.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, "ctr -n k8s.io images ls -q | xargs -r ctr -n k8s.io images rm --sync >/dev/null; sleep 1")]
    [InlineData(2, "docker image rm -f $(docker images -q | sort -u) >/dev/null")]
    [InlineData(LabFixture.NewerContainerd, "ctr -n k8s.io images ls -q | xargs -r ctr -n k8s.io images rm --sync >/dev/null; sleep 1")]
    [InlineData(LabFixture.NewerDocker, DockersContainerd + " images ls -q | xargs -r " + DockersContainerd + " images rm --sync >/dev/null; sleep 1")]
    public async Task Blobs_that_were_collected_since_the_probe_are_sent_after_all_and_the_report_says_so(int number, string collect)
    {
        lab.Require(number);
        var (first, firstStored) = TestImages.Image(_blobs, $"registry.test/gc{number}:v1", ("gc-base" + number, 500_000), ("gc-v1", 1_000));
        var (second, secondStored) = TestImages.Image(_blobs, $"registry.test/gc{number}:v2", ("gc-base" + number, 500_000), ("gc-v2", 1_000));
        await RunAsync(number, first, firstStored);
        await using var session = await NodeSession.ConnectAsync(lab.Node(number, RuntimeOf(number)), lab.Settings, CancellationToken.None);
        await session.ProbeAsync([], CancellationToken.None);
        await lab.OnAsync(number, collect);

        var outcome = await DeliverAsync(session, second, secondStored);
        outcome.Notes.ShouldHaveSingleItem().ShouldContain("sent whole");
        (await session.ProbeAsync([], CancellationToken.None)).Images[second.Reference.Familiar].Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_runtime_that_dies_during_the_import_is_reported_and_the_next_run_heals_it()
    {
        lab.Require();
        var (image, stored) = TestImages.Image(_blobs, "registry.test/dies:v1", ("dies-a", 2_000_000), ("dies-b", 2_000_000));
        await using (var session = await NodeSession.ConnectAsync(lab.Node(1, RuntimeOf(1)), lab.Settings, CancellationToken.None))
        {
            await session.ProbeAsync([], CancellationToken.None);
            var killing = new KillingBlobs(_blobs, stored.Image!.Layers[1].Blob.Digest, () => lab.OnAsync(1, "pkill -9 -x containerd; sleep 0.3"));
            var error = await Should.ThrowAsync<KubeCacheException>(() => session.DeliverAsync(image, stored, killing, NoProgress.Instance, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(40)));
            error.Kind.ShouldBe(ErrorKind.GiveUp);
            error.Message.ShouldContain("n1 did not take the image registry.test/dies:v1");
        }

        await lab.OnAsync(1, "nohup containerd >> /var/log/containerd.log 2>&1 < /dev/null & for i in $(seq 100); do ctr version >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1");
        (await RunAsync(1, image, stored)).Changed.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_control_machines_may_push_to_one_node_at_once()
    {
        lab.Require();
        var (image, imageStored) = TestImages.Image(_blobs, "registry.test/both:v1", ("both-a", 500_000), ("both-b", 500_000));
        var (file, fileStored) = TestImages.File(_blobs, "both", "/opt/both/f", TestImages.Bytes("both", 2_000_000));
        await Task.WhenAll(Enumerable.Range(0, 3).SelectMany(_ => new[] { RunAsync(1, image, imageStored), RunAsync(1, file, fileStored) }));

        await using var session = await NodeSession.ConnectAsync(lab.Node(1, RuntimeOf(1)), lab.Settings, CancellationToken.None);
        var facts = await session.ProbeAsync(["/opt/both/f"], CancellationToken.None);
        facts.Images["registry.test/both:v1"].Complete.ShouldBeTrue();
        facts.Files["/opt/both/f"].Digest.ShouldBe(fileStored.Digest);
        (await lab.OnAsync(1, "ls -A /opt/both")).ShouldBe("f\n");
    }

    private static ContainerRuntime RuntimeOf(int number) => number switch
    {
        1 or LabFixture.NewerContainerd => new ContainerRuntime.Containerd(),
        2 or LabFixture.NewerDocker => new ContainerRuntime.Docker(),
        _ => new ContainerRuntime.ContainersStorage(),
    };

    private Task<DeliveryOutcome> DeliverAsync(NodeSession session, Artifact artifact, StoredArtifact stored) =>
        session.DeliverAsync(artifact, stored, _blobs, NoProgress.Instance, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(40));

    private async Task<DeliveryOutcome> RunAsync(int number, Artifact artifact, StoredArtifact stored)
    {
        await using var session = await NodeSession.ConnectAsync(lab.Node(number, RuntimeOf(number)), lab.Settings, CancellationToken.None);
        await session.ProbeAsync([], CancellationToken.None);
        return await DeliverAsync(session, artifact, stored);
    }

    private Task<NodeSession> ConnectAsync(FaultyWire wire, int number, ContainerRuntime runtime, TimeSpan? silence = null)
    {
        var settings = lab.Settings with { AcceptNewHostKeys = true, KnownHostsFiles = [Path.Combine(lab.State, "known-wires")], SilenceLimit = silence ?? TimeSpan.FromSeconds(20) };
        return NodeSession.ConnectAsync(lab.Node(number, runtime) with { Connection = lab.Connection(number) with { Port = wire.Port } }, settings, CancellationToken.None);
    }

    private sealed class KillingBlobs(IBlobSource inner, Digest at, Func<Task<string>> kill) : IBlobSource
    {
        public Stream OpenRead(Digest digest)
        {
            if (digest == at)
            {
                kill().GetAwaiter().GetResult();
            }

            return inner.OpenRead(digest);
        }
    }
}
