using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Docker.DotNet;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>Images of a local Docker engine, for what was just built and never pushed.</summary>
internal static class DockerEngine
{
    /// <summary>Saves an image out of the engine; null when it has none of that name for the platform.</summary>
    /// <param name="endpoint">Such as <c>unix:///var/run/docker.sock</c>.</param>
    /// <param name="image">The image, by tag: what an engine saves has no registry digest to compare with.</param>
    /// <param name="layout">The store, where what the engine saves is kept for the time being.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">The engine does not answer (<see cref="ErrorKind.Retry"/>).</exception>
    public static async Task<ImageArchive?> SaveAsync(string endpoint, ImageArtifact image, StoreLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new DockerClientBuilder().WithEndpoint(new Uri(endpoint)).Build();
            var found = await client.Images.InspectImageAsync(image.Reference.Familiar, cancellationToken).ConfigureAwait(false);
            if (found.Os != image.Platform.Os || found.Architecture != image.Platform.Architecture)
            {
                return null;
            }

            await using var tar = await client.Images.SaveImageAsync(image.Reference.Familiar, cancellationToken).ConfigureAwait(false);
            return await ImageArchive.OpenAsync(endpoint, tar, layout, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new KubeCacheException(ErrorKind.Retry, new Fault($"the Docker engine did not give {image.Reference}")
            {
                Where = new SourcePosition(endpoint),
                Got = e.Message,
                Hint = "is it running, and may this user reach it?",
            }, e);
        }
    }
}
