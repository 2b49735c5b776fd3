using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Delivery;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileDeliveryTests : IDisposable
{
    private readonly TestBlobs _blobs = new();
    private readonly LocalNode _node = new();

    public void Dispose()
    {
        _node.Dispose();
        _blobs.Dispose();
    }

    [Fact]
    public async Task Writes_a_file_with_its_mode_into_folders_that_were_not_there()
    {
        var (artifact, stored) = TestImages.File(_blobs, "kubelet", "/usr/local/bin/deep er/it's", TestImages.Bytes("kubelet", 300_000));
        var outcome = await _node.RunAsync(_blobs, artifact with { Mode = "755" }, stored);

        outcome.Changed.ShouldBeTrue();
        outcome.BytesSent.ShouldBe(300_000);
        var path = _node.PathOf(artifact.Destination!);
        File.ReadAllBytes(path).ShouldBeBytes(TestImages.Bytes("kubelet", 300_000));
        File.GetUnixFileMode(path).ShouldBe((UnixFileMode)Convert.ToInt32("755", 8));
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path], "no temporary file is left");
    }

    [Fact]
    public async Task A_second_run_finds_the_file_by_its_receipt_and_sends_nothing()
    {
        var (artifact, stored) = TestImages.File(_blobs, "kubelet", "/usr/local/bin/kubelet", TestImages.Bytes("a", 1000));
        artifact = artifact with { Mode = "0755" };
        await _node.RunAsync(_blobs, artifact, stored);

        var facts = await _node.FactsAsync();
        facts.Files["/usr/local/bin/kubelet"].Digest.ShouldBe(stored.Digest);
        facts.Files["/usr/local/bin/kubelet"].Mode.ShouldBe("0755");
        (await _node.RunAsync(_blobs, artifact, stored)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_was_changed_behind_its_receipt_is_seen_even_with_equal_size_and_time()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("right"));
        await _node.RunAsync(_blobs, artifact, stored);
        var path = _node.PathOf("/opt/f");
        var time = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, "wrong");
        File.SetLastWriteTimeUtc(path, time);

        (await _node.FactsAsync()).Files["/opt/f"].Digest.ShouldNotBe(stored.Digest);
        (await _node.RunAsync(_blobs, artifact, stored)).Changed.ShouldBeTrue();
        File.ReadAllText(path).ShouldBe("right");
    }

    [Fact]
    public async Task A_planned_file_that_somebody_else_put_there_is_hashed_and_gets_a_receipt()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        Directory.CreateDirectory(_node.PathOf("/opt"));
        await File.WriteAllTextAsync(_node.PathOf("/opt/f"), "content");

        (await _node.FactsAsync()).Files.ShouldNotContainKey("/opt/f");
        (await _node.FactsAsync("/opt/f")).Files["/opt/f"].Digest.ShouldBe(stored.Digest);
        (await _node.FactsAsync()).Files["/opt/f"].Digest.ShouldBe(stored.Digest, "the first hash left a receipt");
        (await _node.RunAsync(_blobs, artifact, stored)).ShouldBe(Cake.KubeCache.Delivery.DeliveryOutcome.Nothing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\n")]
    [InlineData("F\tx\tzz\t1\n")]
    [InlineData("I\t\t\t\nT\nU\t\nB\nA\n")]
    public async Task A_broken_receipt_is_no_receipt(string text)
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        await _node.RunAsync(_blobs, artifact, stored);
        foreach (var receipt in Directory.GetFiles(_node.PathOf("/opt/releases/.kubecache")))
        {
            await File.WriteAllTextAsync(receipt, text);
        }

        (await _node.FactsAsync()).Files.ShouldBeEmpty();
        (await _node.FactsAsync("/opt/f")).Files["/opt/f"].Digest.ShouldBe(stored.Digest);
    }

    [Fact]
    public async Task Only_the_mode_is_set_where_the_content_is_right()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        await _node.RunAsync(_blobs, artifact with { Mode = "0644" }, stored);
        var outcome = await _node.RunAsync(_blobs, artifact with { Mode = "0700" }, stored);

        outcome.Changed.ShouldBeTrue();
        outcome.BytesSent.ShouldBe(0);
        File.GetUnixFileMode(_node.PathOf("/opt/f")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await _node.FactsAsync()).Files["/opt/f"].Mode.ShouldBe("0700");
    }

    [Fact]
    public async Task A_file_that_the_node_has_elsewhere_is_copied_there()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", TestImages.Bytes("x", 5000));
        await _node.RunAsync(_blobs, artifact, stored);
        var outcome = await _node.RunAsync(_blobs, artifact with { Destination = "/usr/bin/f" }, stored);

        outcome.BytesSent.ShouldBe(0);
        outcome.Changed.ShouldBeTrue();
        File.ReadAllBytes(_node.PathOf("/usr/bin/f")).ShouldBeBytes(TestImages.Bytes("x", 5000));
    }

    [Fact]
    public async Task A_destination_that_is_a_folder_is_an_error_and_stays()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", [1]);
        Directory.CreateDirectory(_node.PathOf("/opt/f"));

        var error = await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact, stored));
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("/opt/f is a folder");
        Directory.GetFileSystemEntries(_node.PathOf("/opt/f")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("relative/path")]
    [InlineData("/opt/../../etc/passwd")]
    [InlineData("/opt/a\nb")]
    public async Task A_path_that_leaves_the_node_or_breaks_a_line_is_wrong_input(string path)
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", path, [1]);
        (await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact, stored))).Kind.ShouldBe(ErrorKind.Input);
    }

    [Fact]
    public async Task Content_that_is_not_what_its_digest_says_never_gets_its_name()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        var other = _blobs.Put(Encoding.ASCII.GetBytes("CONTENT"));
        var lying = new SwappedBlobs(_blobs, stored.Digest, other);
        await using var session = await _node.ConnectAsync();

        var error = await Should.ThrowAsync<KubeCacheException>(() => session.DeliverAsync(artifact, stored, lying, NoProgress.Instance, CancellationToken.None));
        error.Message.ShouldContain(other.Hex);
        File.Exists(_node.PathOf("/opt/f")).ShouldBeFalse();
        Directory.GetFiles(_node.PathOf("/opt")).ShouldBeEmpty();
    }

    private sealed class SwappedBlobs(IBlobSource inner, Digest asked, Digest given) : IBlobSource
    {
        public Stream OpenRead(Digest digest) => inner.OpenRead(digest == asked ? given : digest);
    }
}
