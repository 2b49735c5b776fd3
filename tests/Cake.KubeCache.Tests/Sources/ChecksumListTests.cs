using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Sources;

public sealed class ChecksumListTests
{
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 64);

    [Fact]
    public void Reads_every_form_of_a_list()
    {
        Find(A, "/v1/kubelet").ShouldBe([A]);
        Find(A + "\n", "/v1/kubelet").ShouldBe([A]);
        Find($"{B}  kubectl\n{A}  kubelet\n", "/v1/kubelet").ShouldBe([A]);
        Find($"{B} *kubectl\r\n{A} *kubelet\r\n", "/v1/kubelet").ShouldBe([A]);
        Find($"SHA256 (kubectl) = {B}\nSHA256 (kubelet) = {A}", "/v1/kubelet").ShouldBe([A]);
        Find($"{B}  ./arm64/kubelet\n{A}  ./amd64/kubelet", "/v1/linux/amd64/kubelet").ShouldBe([A]);
        Find($"{A}  /home/builder/out/kubelet", "/v1/kubelet").ShouldBe([A]);
        Find($"# a comment\n\n{A.ToUpperInvariant()}  kubelet", "/v1/kubelet").ShouldBe([A]);
    }

    [Fact]
    public void Does_not_guess()
    {
        Find($"{B}  kubectl\n{A}  kubeadm", "/v1/kubelet").ShouldBeEmpty();
        Find($"{A}\n{B}", "/v1/kubelet").ShouldBeEmpty();
        Find($"{B}  arm64/kubelet\n{A}  amd64/kubelet", "/v1/kubelet").ShouldBe([B, A]);
        Find(A[1..] + "  kubelet", "/v1/kubelet").ShouldBeEmpty();
        Find("", "/v1/kubelet").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task Takes_the_hash_from_a_list_on_a_server_and_asks_only_once(string algorithm)
    {
        var content = TestImage.Noise(1000, 31);
        var hash = Convert.ToHexStringLower(algorithm == "sha256" ? SHA256.HashData(content) : SHA512.HashData(content));
        await using var server = await LoopbackServer.StartAsync(c => c.Request.Path == "/SUMS" ? c.Response.WriteAsync($"{hash}  tool\n") : LoopbackRegistry.WriteAsync(c, content));
        await using var bench = new FetchBench();
        var file = new FileArtifact { Name = "tool", Url = server.Url + "/tool", Checksum = Checksum.Parse($"{algorithm}:{server.Url}/SUMS") };

        (await bench.FetchAsync(file)).Stored.Size.ShouldBe(1000);
        (await bench.FetchAsync(file)).AlreadyThere.ShouldBeTrue();

        server.RequestsTo("/SUMS").Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_list_without_the_file_is_an_error_that_names_the_list()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync($"{A}  other\n{B}  another\n"));
        await using var bench = new FetchBench();

        var error = await Should.ThrowAsync<KubeCacheException>(() => bench.FetchAsync(new FileArtifact { Name = "tool", Url = server.Url + "/tool", Checksum = Checksum.Parse($"sha256:{server.Url}/SUMS") }));

        error.Kind.ShouldBe(ErrorKind.GiveUp);
        error.Faults[0].Where!.File.ShouldBe(server.Url + "/SUMS");
    }

    private static IEnumerable<string> Find(string list, string path) => ChecksumLists.Find(list, "sha256", path).Select(d => d.Hex);
}
