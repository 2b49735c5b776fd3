using Cake.KubeCache.Model;
using Cake.KubeCache.Sources.Archives;

namespace Cake.KubeCache.Sources;

/// <summary>Where an image comes from: what is on this machine first, then the registry.</summary>
internal static class ImageOrigins
{
    /// <summary>The first place that has the image, in the order archives, Kubespray's cache, Docker engine; else its registry.</summary>
    public static async Task<IImageOrigin> ChooseAsync(FetchSession session, ImageArtifact image, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var settings = session.Shared.Settings;
        IReadOnlyList<string> cached = settings.KubesprayCache is { } cache ? [.. KubesprayCache.ImagesOf(cache, image.Reference)] : [];
        var passedOver = new List<Fault>();
        foreach (var path in settings.ImageArchives.Concat(cached))
        {
            var archive = await session.Shared.Archives.OpenAsync(path, cancellationToken).ConfigureAwait(false);
            if (await archive.FindAsync(image, cancellationToken).ConfigureAwait(false) is { } origin)
            {
                return origin;
            }

            // What docker saved by digest has no name inside: the archive's own name tells what it is.
            if (image.Reference.Digest is not null && (archive.Names(image.Reference) || cached.Contains(path)))
            {
                passedOver.Add(new Fault($"the image archive has {image.Reference.Familiar}, but nothing with the digest that it is pinned to")
                {
                    Where = new SourcePosition(path),
                    Expected = image.Reference.Digest.ToString(),
                    Hint = "docker save loses the registry's manifest and so its digest: save it with skopeo copy --all to an oci-archive, or name the image without @digest",
                });
            }
        }

        if (settings.DockerEngine is { } pinnedAt && image.Reference.Digest is not null)
        {
            passedOver.Add(new Fault("the Docker engine was not asked for an image that is pinned to a digest")
            {
                Where = new SourcePosition(pinnedAt),
                Expected = image.Reference.ToString(),
                Hint = "an engine does not keep the registry's manifest, so what it has cannot be compared with the digest; name the image without @digest to take it from there",
            });
        }
        else if (settings.DockerEngine is { } endpoint)
        {
            var saved = await session.Rounds.RunAsync(token => DockerEngine.SaveAsync(endpoint, image, session.Store.Layout, token), progress.Say, cancellationToken).ConfigureAwait(false);
            if (saved is not null)
            {
                session.Shared.Archives.Keep(saved);
                if (await saved.FindAsync(image, cancellationToken).ConfigureAwait(false) is { } origin)
                {
                    return origin;
                }
            }
        }

        return new RegistryOrigin(session, image.Reference, progress) { PassedOver = passedOver };
    }
}
