using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests.Models;

public sealed class ImageReferenceTests
{
    private const string Sha = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.25", "docker.io/library/nginx:1.25")]
    [InlineData("flannel/flannel:v1", "docker.io/flannel/flannel:v1")]
    [InlineData("index.docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("quay.io/calico/node:v3", "quay.io/calico/node:v3")]
    [InlineData("localhost/x", "localhost/x:latest")]
    [InlineData("host:5000/a/b:c", "host:5000/a/b:c")]
    [InlineData("host:5000/a/b", "host:5000/a/b:latest")]
    [InlineData("quay.io/a@" + Sha, "quay.io/a@" + Sha)]
    [InlineData("quay.io/a:v1@" + Sha, "quay.io/a:v1@" + Sha)]
    public void Expands_to_the_full_reference(string text, string full) => ImageReference.Parse(text).ToString().ShouldBe(full);

    [Theory]
    [InlineData("")]
    [InlineData("quay.io/")]
    [InlineData("quay.io/Upper/x")]
    [InlineData("nginx:-tag")]
    [InlineData("nginx:")]
    [InlineData("nginx@sha256:12")]
    [InlineData("quay.io/a/../b")]
    [InlineData("quay.io/a b")]
    public void Refuses_what_is_none(string text) => Should.Throw<FormatException>(() => ImageReference.Parse(text)).Message.ShouldContain("no image reference");

    [Fact]
    public void Tag_and_digest_together_are_listed_by_tag()
    {
        var reference = ImageReference.Of("quay.io/a", "v1", Digest.Parse(Sha));

        reference.Familiar.ShouldBe("quay.io/a:v1");
        reference.ToString().ShouldBe("quay.io/a:v1@" + Sha);
    }
}
