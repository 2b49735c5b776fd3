using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Delivery;

public sealed class RemovalTests : IDisposable
{
    private readonly TestBlobs _blobs = new();
    private readonly LocalNode _node = new();

    public void Dispose()
    {
        _node.Dispose();
        _blobs.Dispose();
    }

    [Fact]
    public async Task A_file_that_was_brought_is_removed_with_its_receipt()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        await _node.RunAsync(_blobs, artifact, stored);
        (await _node.FactsAsync()).Files["/opt/f"].Delivered.ShouldBeTrue();
        await RemoveAsync("/opt/f");

        File.Exists(_node.PathOf("/opt/f")).ShouldBeFalse();
        (await _node.FactsAsync()).Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_was_there_before_us_stays()
    {
        Directory.CreateDirectory(_node.PathOf("/opt"));
        await File.WriteAllTextAsync(_node.PathOf("/opt/f"), "content");
        (await _node.FactsAsync("/opt/f")).Files["/opt/f"].Delivered.ShouldBeFalse();

        (await Should.ThrowAsync<KubeCacheException>(() => RemoveAsync("/opt/f"))).Message.ShouldContain("there before us");
        File.Exists(_node.PathOf("/opt/f")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_somebody_changed_since_stays()
    {
        var (artifact, stored) = TestImages.File(_blobs, "f", "/opt/f", Encoding.ASCII.GetBytes("content"));
        await _node.RunAsync(_blobs, artifact, stored);
        await File.WriteAllTextAsync(_node.PathOf("/opt/f"), "precious");

        await Should.ThrowAsync<KubeCacheException>(() => RemoveAsync("/opt/f"));
        File.ReadAllText(_node.PathOf("/opt/f")).ShouldBe("precious");
    }

    [Fact]
    public async Task An_image_archive_that_was_brought_is_removed()
    {
        var (artifact, stored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 1000));
        await _node.RunAsync(_blobs, artifact, stored);
        await using var session = await _node.ConnectAsync();
        await session.RemoveImageAsync("registry.test/app:v1", CancellationToken.None);

        Directory.GetFiles(_node.PathOf("/var/lib/images")).ShouldBeEmpty();
        (await _node.FactsAsync()).DeliveredImages.ShouldBeEmpty();
    }

    private async Task RemoveAsync(string path)
    {
        await using var session = await _node.ConnectAsync();
        await session.RemoveFileAsync(path, CancellationToken.None);
    }
}
