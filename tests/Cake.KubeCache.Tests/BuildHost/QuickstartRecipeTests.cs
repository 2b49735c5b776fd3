using System.Security.Cryptography;
using Build.Upstream.Content;
using Cake.KubeCache.Model;
using Shouldly;
using YamlDotNet.Serialization;

namespace Cake.KubeCache.Tests.BuildHost;

/// <summary>The recipe pins checksums of what the build host makes; if the two came apart, the first run would fail.</summary>
public sealed class QuickstartRecipeTests
{
    private static readonly QuickstartFiles Files = new();

    private readonly CatalogueChecksums _checksums = new DeserializerBuilder().IgnoreUnmatchedProperties().Build()
        .Deserialize<CatalogueChecksums>(File.ReadAllText(RepositoryRoot.Of("recipes/quickstart/catalogue/checksums.yml")));

    [Fact]
    public void Pins_what_the_upstream_serves()
    {
        var served = Files.Paths.ToDictionary(path => path, path => Digest.Sha256(SHA256.HashData(Files.Find(path)!)).ToString());

        Pinned().ShouldBe(served, ignoreOrder: true);
    }

    private Dictionary<string, string> Pinned()
    {
        var hello = _checksums.Hello.SelectMany(a => a.Value.Select(v => ($"/hello/v{v.Key}/{a.Key}/hello", v.Value)));
        var phrasebook = _checksums.Phrasebook.SelectMany(a => a.Value.Select(v => ($"/phrasebook/phrasebook-{v.Key}.tar.gz", v.Value)));
        return hello.Concat(phrasebook).ToDictionary(p => p.Item1, p => p.Item2);
    }

    private sealed class CatalogueChecksums
    {
        [YamlMember(Alias = "hello_checksums", ApplyNamingConventions = false)]
        public Dictionary<string, Dictionary<string, string>> Hello { get; set; } = [];

        [YamlMember(Alias = "phrasebook_archive_checksums", ApplyNamingConventions = false)]
        public Dictionary<string, Dictionary<string, string>> Phrasebook { get; set; } = [];
    }
}
