using System.Formats.Tar;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Delivery;

public sealed class DirectoryRuntimeTests : IDisposable
{
    private readonly TestBlobs _blobs = new();
    private readonly LocalNode _node = new();

    private string Folder => _node.PathOf("/var/lib/images");

    public void Dispose()
    {
        _node.Dispose();
        _blobs.Dispose();
    }

    [Fact]
    public async Task An_image_becomes_one_archive_that_holds_all_of_it()
    {
        var (artifact, stored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 100_000), ("top", 5_000));
        var outcome = await _node.RunAsync(_blobs, artifact, stored);

        outcome.Changed.ShouldBeTrue();
        outcome.BytesSent.ShouldBeGreaterThan(stored.Size);
        var archive = Directory.GetFiles(Folder).ShouldHaveSingleItem();
        (await NamesAsync(archive)).ShouldBe(
            ["oci-layout", "index.json", "manifest.json", .. new[] { stored.Digest, stored.Image!.Config.Digest }.Concat(stored.Image.Layers.Select(l => l.Blob.Digest)).Select(d => $"blobs/sha256/{d.Hex}")],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_second_run_knows_the_image_by_its_receipt()
    {
        var (artifact, stored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 1000));
        await _node.RunAsync(_blobs, artifact, stored);

        var facts = await _node.FactsAsync();
        facts.Images["registry.test/app:v1"].ShouldBe(new NodeImage(stored.Digest));
        facts.DeliveredImages["registry.test/app:v1"].ShouldBe(stored.Digest);
        (await _node.RunAsync(_blobs, artifact, stored)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_version_takes_the_layers_that_it_shares_from_the_archive_that_is_there()
    {
        var (first, firstStored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 500_000), ("v1", 5_000));
        var (second, secondStored) = TestImages.Image(_blobs, "registry.test/app:v2", ("base", 500_000), ("v2", 5_000));
        await _node.RunAsync(_blobs, first, firstStored);
        var outcome = await _node.RunAsync(_blobs, second, secondStored);

        outcome.BytesSent.ShouldBeLessThan(20_000);
        Directory.GetFiles(Folder).Length.ShouldBe(2);
        foreach (var archive in Directory.GetFiles(Folder))
        {
            await ShouldBeWholeAsync(archive);
        }
    }

    [Fact]
    public async Task A_moved_tag_replaces_the_archive_and_keeps_what_did_not_change()
    {
        var (first, firstStored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 500_000), ("old", 5_000));
        var (second, secondStored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 500_000), ("new", 5_000));
        await _node.RunAsync(_blobs, first, firstStored);
        (await _node.RunAsync(_blobs, second, secondStored)).BytesSent.ShouldBeLessThan(20_000);

        await ShouldBeWholeAsync(Directory.GetFiles(Folder).ShouldHaveSingleItem());
        (await _node.FactsAsync()).Images["registry.test/app:v1"].Digest.ShouldBe(secondStored.Digest);
    }

    [Fact]
    public async Task A_damaged_archive_is_replaced()
    {
        var (artifact, stored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 100_000));
        await _node.RunAsync(_blobs, artifact, stored);
        var archive = Directory.GetFiles(Folder).ShouldHaveSingleItem();
        using (var file = File.OpenWrite(archive))
        {
            file.Position = 50_000;
            file.Write([1, 2, 3, 4]);
        }

        (await _node.FactsAsync()).Images.ShouldBeEmpty();
        (await _node.RunAsync(_blobs, artifact, stored)).Changed.ShouldBeTrue();
        await ShouldBeWholeAsync(archive);
    }

    [Fact]
    public async Task A_blob_that_rots_between_probe_and_delivery_is_sent_after_all()
    {
        var (first, firstStored) = TestImages.Image(_blobs, "registry.test/app:v1", ("base", 100_000), ("v1", 100));
        var (second, secondStored) = TestImages.Image(_blobs, "registry.test/app:v2", ("base", 100_000), ("v2", 100));
        await _node.RunAsync(_blobs, first, firstStored);
        await using var session = await _node.ConnectAsync();
        await session.ProbeAsync([], CancellationToken.None);
        using (var file = File.OpenWrite(Directory.GetFiles(Folder).Single()))
        {
            file.Position = 50_000;
            file.Write([1, 2, 3, 4]);
        }

        var outcome = await session.DeliverAsync(second, secondStored, _blobs, NoProgress.Instance, CancellationToken.None);
        outcome.Notes.ShouldHaveSingleItem().ShouldContain("sent whole");
        await ShouldBeWholeAsync(Directory.GetFiles(Folder).Single(f => f.Contains("v2")));
    }

    [Fact]
    public async Task References_that_differ_only_in_separators_do_not_share_a_file()
    {
        foreach (var reference in new[] { "registry.test/a/b:c", "registry.test/a_b:c", "registry.test/a/b_c:c" })
        {
            var (artifact, stored) = TestImages.Image(_blobs, reference, (reference.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), 100));
            await _node.RunAsync(_blobs, artifact, stored);
        }

        Directory.GetFiles(Folder).Length.ShouldBe(3);
        (await _node.FactsAsync()).Images.Count.ShouldBe(3);
    }

    private static async Task<List<string>> NamesAsync(string archive)
    {
        var names = new List<string>();
        await using var stream = File.OpenRead(archive);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    private static async Task ShouldBeWholeAsync(string archive)
    {
        var checkedBlobs = 0;
        await using var stream = File.OpenRead(archive);
        await using var reader = new TarReader(stream);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name.StartsWith("blobs/", StringComparison.Ordinal))
            {
                Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(entry.DataStream!)).ShouldBe(Path.GetFileName(entry.Name));
                checkedBlobs++;
            }
        }

        checkedBlobs.ShouldBeGreaterThan(2);
        (stream.Length - stream.Position).ShouldBe(512, "two empty blocks end an archive; the reader stops after the first");
    }
}
