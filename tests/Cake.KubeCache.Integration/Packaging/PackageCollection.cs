namespace Cake.KubeCache.Integration.Packaging;

/// <summary>Tests that share the packed addin: it is made once, and only where one of them runs.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackedAddin>
{
    public const string Name = "package";
}
