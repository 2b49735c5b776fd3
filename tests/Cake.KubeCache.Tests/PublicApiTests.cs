using PublicApiGenerator;
using Shouldly;

namespace Cake.KubeCache.Tests;

/// <summary>What scripts can call, as a reviewed file: a change of it shows in the diff. When this fails, KUBECACHE_WRITE_DOCS=1 writes it anew.</summary>
public sealed class PublicApiTests
{
    // Not beside the compiled code: a deterministic build does not know where its sources were.
    private static readonly string Approved = RepositoryRoot.Of("tests/Cake.KubeCache.Tests/PublicApi.approved.txt");

    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var surface = typeof(KubeCacheSettings).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("KUBECACHE_WRITE_DOCS") == "1")
        {
            File.WriteAllText(Approved, surface);
        }

        surface.ShouldBe(File.ReadAllText(Approved).ReplaceLineEndings("\n"));
    }
}
