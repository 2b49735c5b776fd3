using Cake.KubeCache.Model;

namespace Cake.KubeCache;

/// <summary>An artifact that a build declares beside the catalogue: an image it has just built, a file of its own.</summary>
/// <param name="Artifact">The artifact; its name must not be one of the catalogue's.</param>
public sealed record ExtraArtifact(Artifact Artifact)
{
    /// <summary>Groups or hosts that get it; empty for all.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    internal bool IsFor(string host, IReadOnlyList<string> groups) => Groups.Count == 0 || Groups.Contains(host) || Groups.Any(groups.Contains);
}
