using PublicApiGenerator;
using Shouldly;

namespace Cake.KubeCache.Tests;

/// <summary>What scripts can call, as a reviewed file: a change of it shows in the diff.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one() =>
        typeof(KubeCacheSettings).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ShouldMatchApproved(o => o.NoDiff().WithFileExtension("cs.txt"));
}
