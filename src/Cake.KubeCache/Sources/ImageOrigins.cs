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
        IEnumerable<string> archives = settings.KubesprayCache is { } cache && KubesprayCache.ImageOf(cache, image.Reference) is { } cached ? [.. settings.ImageArchives, cached] : settings.ImageArchives;
        foreach (var path in archives)
        {
            var archive = await session.Shared.Archives.OpenAsync(path, cancellationToken).ConfigureAwait(false);
            if (await archive.FindAsync(image, cancellationToken).ConfigureAwait(false) is { } origin)
            {
                return origin;
            }
        }

        if (settings.DockerEngine is { } endpoint)
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

        return new RegistryOrigin(session, image.Reference, progress);
    }
}
