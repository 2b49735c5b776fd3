using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Models;

public sealed class ChecksumTests
{
    private static readonly string Hex64 = new('a', 64);
    private static readonly string Hex128 = new('b', 128);

    [Fact]
    public void Reads_every_form()
    {
        Checksum.Parse("sha256:" + Hex64.ToUpperInvariant()).ShouldBe(new Checksum.Known(Digest.Parse("sha256:" + Hex64)));
        Checksum.Parse(Hex64).ShouldBe(new Checksum.Known(Digest.Parse("sha256:" + Hex64)));
        Checksum.Parse(Hex128).ShouldBe(new Checksum.Known(Digest.Parse("sha512:" + Hex128)));
        Checksum.Parse("sha256:https://example.com/SHA256SUMS").ShouldBe(new Checksum.Listed("sha256", "https://example.com/SHA256SUMS"));
        Checksum.Parse("  ").ShouldBeNull();
        Checksum.Parse(null).ShouldBeNull();
    }

    [Theory]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("sha256:xyz")]
    [InlineData("sha256:ftp://example.com/x")]
    [InlineData("0")]
    public void Refuses_the_rest_and_says_what_is_expected(string text) =>
        Should.Throw<FormatException>(() => Checksum.Parse(text)).Message.ShouldContain("expected sha256:");
}
