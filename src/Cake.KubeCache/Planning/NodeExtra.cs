namespace Cake.KubeCache.Planning;

/// <summary>Something that an earlier run brought to a node and that the plan does not want there.</summary>
/// <param name="IsImage">Whether it is an image; otherwise a file.</param>
/// <param name="Name">The image's full reference, or the file's path.</param>
public sealed record NodeExtra(bool IsImage, string Name);
