using Cake.KubeCache.Integration;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Integration.Packaging;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Cake.KubeCache.Integration;

/// <summary>Starts the collections whose tests run one after another before all others: begun late, they would end the run alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [LabCollection.Name, PackageCollection.Name];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Array.IndexOf(Long, c.TestCollectionDisplayName) is var at and >= 0 ? at : Long.Length).ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)];
}
