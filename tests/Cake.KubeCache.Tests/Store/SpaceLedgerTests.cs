using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Shouldly;

namespace Cake.KubeCache.Tests.Store;

/// <summary>Against the real free space of the disk: each part takes three quarters of it.</summary>
public sealed class SpaceLedgerTests : IDisposable
{
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 64);

    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly SpaceLedger _ledger;
    private readonly long _most;

    public SpaceLedgerTests()
    {
        _layout = new StoreLayout(_folder.At("cache"));
        _ledger = new SpaceLedger(_layout);
        _most = FreeSpace.Of(_folder.Path)!.Value / 4 * 3;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_that_fit_alone_but_not_together_are_refused()
    {
        using var first = _ledger.Announce([(A, _most)], "first");

        var error = Should.Throw<KubeCacheException>(() => _ledger.Announce([(B, _most)], "second"));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Message.ShouldContain("second does not fit");
        error.Faults[0].Got!.ShouldContain($"{_most} of them for downloads under way");
    }

    [Fact]
    public void What_two_want_is_counted_once_and_until_both_are_done()
    {
        var first = _ledger.Announce([(A, _most)], "first");
        var second = _ledger.Announce([(A, _most)], "second");

        first.Dispose();
        Should.Throw<KubeCacheException>(() => _ledger.Announce([(B, _most)], "third"));
        second.Dispose();
        using var third = _ledger.Announce([(B, _most)], "third");
    }

    [Fact]
    public void What_was_written_is_not_counted_any_more()
    {
        using var first = _ledger.Announce([(A, _most)], "first");
        _ledger.Expect(A, _most, "first");
        _ledger.Written(A, _most);

        using var second = _ledger.Announce([(B, _most)], "second");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_process_brought_meanwhile_is_not_counted(bool complete)
    {
        using var first = _ledger.Announce([(A, _most)], "first");
        var path = complete ? _layout.Blob(Digest.Sha256(A)) : _layout.Partial(A);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var sparse = File.Create(path))
        {
            // Takes no space itself.
            sparse.SetLength(_most);
        }

        using var second = _ledger.Announce([(B, _most)], "second");
    }

    [Fact]
    public void A_download_that_turns_out_larger_than_the_disk_is_refused()
    {
        using var first = _ledger.Announce([("url-x", 0)], "first");

        Should.Throw<KubeCacheException>(() => _ledger.Expect("url-x", _most * 2, "first")).Message.ShouldContain("does not fit");
    }
}
