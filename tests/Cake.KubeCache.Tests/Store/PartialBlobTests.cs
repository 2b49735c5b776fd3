using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Tests.Sources;
using Shouldly;

namespace Cake.KubeCache.Tests.Store;

/// <summary>The moment in which a download becomes a blob, seen by others on the same cache.</summary>
public sealed class PartialBlobTests
{
    private static readonly byte[] Content = TestImage.Noise(10_000, 31);

    [Fact]
    public async Task A_blob_can_be_read_as_soon_as_it_has_its_name()
    {
        using var folder = new TemporaryFolder();
        using var store = ContentStore.Open(folder.At("cache"));
        using var partial = await store.AcquireAsync(new PartialRequest("x"), TestContext.Current.CancellationToken);
        partial.Append(Content);

        var digest = partial.Promote();

        store.ReadAll(digest, Content.Length).ShouldBeBytes(Content);
    }

    [Fact]
    public async Task A_reader_waits_while_another_process_has_a_blob_locked()
    {
        using var folder = new TemporaryFolder();
        using var store = ContentStore.Open(folder.At("cache"));
        var digest = store.Put(Content);
        var held = await StoreLock.AcquireAsync(store.Layout.Blob(digest), null, TestContext.Current.CancellationToken);
        var verified = Task.Run(() => new StoreVerifier(store).VerifyAsync(NoProgress.Instance, TestContext.Current.CancellationToken));
        var read = Task.Run(() => store.ReadAll(digest, Content.Length));

        await Task.Delay(100, TestContext.Current.CancellationToken);
        read.IsCompleted.ShouldBeFalse();
        await held.DisposeAsync();

        (await read).ShouldBeBytes(Content);
        (await verified).Bad.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_lost_its_name_between_opening_and_locking_is_not_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "nobody renames an open file there");
        using var folder = new TemporaryFolder();
        var path = folder.Write("partial/x.part", "");
        var link = folder.At("link");
        Directory.CreateSymbolicLink(link, folder.At("partial"));
        using var file = File.OpenRead(path);

        PartialBlob.HasStill(file, path).ShouldBeTrue();
        PartialBlob.HasStill(file, Path.Combine(link, "x.part")).ShouldBeTrue();

        // A blob now; and then another process begins the download anew.
        File.Move(path, folder.At("blob"));
        PartialBlob.HasStill(file, path).ShouldBeFalse();
        folder.Write("partial/x.part", "");
        PartialBlob.HasStill(file, path).ShouldBe(!OperatingSystem.IsLinux());
        File.Delete(folder.At("blob"));
        PartialBlob.HasStill(file, path).ShouldBe(!OperatingSystem.IsLinux());
    }
}
