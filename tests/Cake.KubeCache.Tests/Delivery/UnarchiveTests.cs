using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Support;
using Shouldly;

namespace Cake.KubeCache.Tests.Delivery;

[UnsupportedOSPlatform("windows")]
public sealed class UnarchiveTests : IDisposable
{
    private readonly TestBlobs _blobs = new();
    private readonly LocalNode _node = new();

    public void Dispose()
    {
        _node.Dispose();
        _blobs.Dispose();
    }

    [Theory]
    [InlineData("helm.tar")]
    [InlineData("helm.tar.gz")]
    [InlineData("helm.tgz")]
    [InlineData("helm.tar.zst")]
    [InlineData("helm.zip")]
    [InlineData("no-name-that-tells")]
    public async Task Unpacks_beside_the_archive_with_the_mode_that_was_asked_for(string name)
    {
        SkipWithout(name.EndsWith("zst", StringComparison.Ordinal) ? "zstd" : name.EndsWith("zip", StringComparison.Ordinal) ? "unzip" : "tar");
        var (artifact, stored) = TestImages.File(_blobs, name, "/opt/releases/" + name, Packed(name, ("linux-amd64/helm", "binary"), ("linux-amd64/LICENSE", "text")));
        var outcome = await _node.RunAsync(_blobs, artifact with { Unarchive = true, Mode = "0750" }, stored);

        outcome.Changed.ShouldBeTrue();
        File.ReadAllText(_node.PathOf("/opt/releases/linux-amd64/helm")).ShouldBe("binary");
        File.GetUnixFileMode(_node.PathOf("/opt/releases/linux-amd64/helm")).ShouldBe((UnixFileMode)Convert.ToInt32("750", 8));
        (await _node.FactsAsync()).Files["/opt/releases/" + name].Unpacked.ShouldBeTrue();
    }

    [Fact]
    public async Task Is_not_done_again_while_its_result_stands_and_done_again_when_it_does_not()
    {
        var (artifact, stored) = TestImages.File(_blobs, "a.tgz", "/opt/a.tgz", Packed("a.tgz", ("bin/tool", "v1")));
        artifact = artifact with { Unarchive = true };
        await _node.RunAsync(_blobs, artifact, stored);
        (await _node.RunAsync(_blobs, artifact, stored)).Changed.ShouldBeFalse();

        await File.WriteAllTextAsync(_node.PathOf("/opt/bin/tool"), "v0");
        (await _node.FactsAsync()).Files["/opt/a.tgz"].Unpacked.ShouldBeFalse();
        var outcome = await _node.RunAsync(_blobs, artifact, stored);
        outcome.Changed.ShouldBeTrue();
        outcome.BytesSent.ShouldBe(0);
        File.ReadAllText(_node.PathOf("/opt/bin/tool")).ShouldBe("v1");
    }

    [Fact]
    public async Task Other_options_mean_unpacking_again()
    {
        var (artifact, stored) = TestImages.File(_blobs, "a.tgz", "/opt/a.tgz", Packed("a.tgz", ("a-1.0/bin/tool", "v1")));
        artifact = artifact with { Unarchive = true };
        await _node.RunAsync(_blobs, artifact, stored);
        var stripped = artifact with { UnarchiveExtraOptions = ["--strip-components=1"] };
        (await _node.RunAsync(_blobs, stripped, stored)).Changed.ShouldBeTrue();

        File.ReadAllText(_node.PathOf("/opt/bin/tool")).ShouldBe("v1");
        (await _node.RunAsync(_blobs, stripped, stored)).Changed.ShouldBeFalse();
    }

    [Fact]
    public async Task Two_archives_that_share_a_file_name_do_not_undo_each_other()
    {
        var (first, firstStored) = TestImages.File(_blobs, "a.tgz", "/opt/a.tgz", Packed("a.tgz", ("LICENSE", "one"), ("a", "a")));
        var (second, secondStored) = TestImages.File(_blobs, "b.tgz", "/opt/b.tgz", Packed("b.tgz", ("LICENSE", "two"), ("b", "b")));
        await _node.RunAsync(_blobs, first with { Unarchive = true }, firstStored);
        await _node.RunAsync(_blobs, second with { Unarchive = true }, secondStored);

        (await _node.RunAsync(_blobs, first with { Unarchive = true }, firstStored)).Changed.ShouldBeFalse();
        (await _node.RunAsync(_blobs, second with { Unarchive = true }, secondStored)).Changed.ShouldBeFalse();
    }

    [Theory]
    [InlineData("x.tar", "../escaped")]
    [InlineData("x.tar.gz", "/tmp/kubecache-escaped")]
    [InlineData("x.zip", "../escaped")]
    [InlineData("x.tar", "fine/../../escaped")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused_before_anything_is_written(string name, string member)
    {
        SkipWithout(name.EndsWith("zip", StringComparison.Ordinal) ? "unzip" : "tar");
        var (artifact, stored) = TestImages.File(_blobs, name, "/opt/in/" + name, Packed(name, ("good", "good"), (member, "evil")));
        var error = await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact with { Unarchive = true }, stored));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain(member);
        Directory.GetFileSystemEntries(_node.PathOf("/opt/in")).ShouldBe([_node.PathOf("/opt/in/" + name)]);
        File.Exists(_node.PathOf("/opt/escaped")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("/etc")]
    public async Task A_file_that_is_written_through_a_link_that_leads_out_is_refused(string target)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "dir/way out") { LinkName = target });
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "dir/way out/evil") { DataStream = new MemoryStream([1]) });
        }

        var (artifact, stored) = TestImages.File(_blobs, "x.tar", "/opt/in/x.tar", tar.ToArray());
        var error = await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact with { Unarchive = true }, stored));
        error.Message.ShouldContain("dir/way out/evil");
        Directory.GetFileSystemEntries(_node.PathOf("/opt/in")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Links_inside_an_archive_are_unpacked_as_they_are()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "lib/tool-1") { DataStream = new MemoryStream([1]) });
            writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/tool") { LinkName = "../lib/tool-1" });
        }

        var (artifact, stored) = TestImages.File(_blobs, "x.tar", "/opt/in/x.tar", tar.ToArray());
        await _node.RunAsync(_blobs, artifact with { Unarchive = true, Mode = "0755" }, stored);
        File.ReadAllBytes(_node.PathOf("/opt/in/bin/tool")).ShouldBe([1]);
        (await _node.FactsAsync()).Files["/opt/in/x.tar"].Unpacked.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_no_archive_is_an_error_that_says_what_is_known()
    {
        var (artifact, stored) = TestImages.File(_blobs, "x.rar", "/opt/x.rar", "Rar!\u001a\u0007"u8.ToArray());
        var error = await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact with { Unarchive = true }, stored));
        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("tar.zst");
    }

    [Fact]
    public async Task A_truncated_archive_is_an_error_and_is_tried_again()
    {
        var whole = Packed("x.tar.gz", ("a", new string('a', 100_000)));
        var (artifact, stored) = TestImages.File(_blobs, "x.tar.gz", "/opt/x.tar.gz", whole[..(whole.Length / 2)]);
        artifact = artifact with { Unarchive = true };
        (await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact, stored))).Kind.ShouldBe(ErrorKind.GiveUp);
        await Should.ThrowAsync<KubeCacheException>(() => _node.RunAsync(_blobs, artifact, stored));
    }

    private static void SkipWithout(string tool) =>
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, tool))), $"{tool} is not installed");

    private static byte[] Packed(string name, params (string Name, string Text)[] files)
    {
        var result = new MemoryStream();
        if (name.EndsWith("zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var (member, text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(member).Open());
                writer.Write(text);
            }
        }
        else
        {
            using Stream compressed = name switch
            {
                _ when name.EndsWith("gz", StringComparison.Ordinal) => new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true),
                _ when name.EndsWith("zst", StringComparison.Ordinal) => new ZstdSharp.CompressionStream(result, leaveOpen: true),
                _ => new BufferedStream(result),
            };
            using (var tar = new TarWriter(compressed, TarEntryFormat.Pax, leaveOpen: true))
            {
                foreach (var (member, text) in files)
                {
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, member) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });
                }
            }

            compressed.Flush();
            if (compressed is not BufferedStream)
            {
                compressed.Dispose();
            }
        }

        return result.ToArray();
    }
}
