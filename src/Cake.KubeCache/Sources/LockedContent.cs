using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>Holds an image's tag to what a lock file says.</summary>
internal static class LockedContent
{
    /// <summary>Refuses a tag that points at something else; a digest that nobody told yet is no reason to.</summary>
    /// <exception cref="KubeCacheException">It does; both digests are named (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static void Require(ImageArtifact image, Digest? resolved)
    {
        if (image.Locked is { } locked && resolved is { } now && now != locked)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{image.Title} is not what the lock file says")
            {
                Got = $"{now}, which the tag points at now",
                Expected = locked.ToString(),
                Hint = "somebody moved the tag; if that is meant, run --target=Lock",
            });
        }
    }
}
