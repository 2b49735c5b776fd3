namespace Cake.KubeCache.Integration.Lab;

/// <summary>Tests on the lab's nodes run one after another: some kill a node's runtime or collect its images, which others would see.</summary>
[CollectionDefinition(Name)]
public sealed class LabCollection
{
    public const string Name = "lab";
}
