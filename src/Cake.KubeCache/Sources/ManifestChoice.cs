using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources;

/// <summary>From what a reference names to the one manifest for a platform, and its config.</summary>
internal static class ManifestChoice
{
    /// <summary>Indexes in indexes: one level is seen in practice.</summary>
    private const int DeepestIndex = 4;

    /// <summary>The config's descriptor.</summary>
    /// <exception cref="KubeCacheException">It is no container image's, or larger than is sane (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static BlobDescriptor Config(OciManifestDocument document, string title)
    {
        var config = OciReader.Check(document.Config, "config", title);
        if (!MediaTypes.IsImageConfig(config.MediaType))
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{title} is no container image") { Got = $"a config of type {config.MediaType}", Expected = $"{MediaTypes.OciConfig} or {MediaTypes.DockerConfig}" });
        }

        if (config.Size > OciReader.MaxConfigBytes)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the config of {title} is larger than is sane") { Got = $"{config.Size} bytes", Expected = $"at most {OciReader.MaxConfigBytes} bytes" });
        }

        return config;
    }

    /// <summary>Goes down to the manifest.</summary>
    /// <param name="origin">Where the image comes from.</param>
    /// <param name="image">What was asked for.</param>
    /// <param name="root">What its tag or digest gave: an index or a manifest.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">There is none for the platform, or it is of a kind that is not known (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<ManifestAnswer> ChooseAsync(IImageOrigin origin, ImageArtifact image, ManifestAnswer root, CancellationToken cancellationToken)
    {
        var answer = root;
        for (var depth = 0; MediaTypes.IsIndex(answer.MediaType); depth++)
        {
            var entries = OciReader.ReadManifest(answer.Bytes, image.Reference.ToString()).Manifests ?? [];
            var chosen = depth < DeepestIndex ? PlatformChoice.Choose(entries, image.Platform) : null;
            if (chosen is null)
            {
                throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{image.Reference} has no image for {image.Platform}")
                {
                    Got = string.Join(", ", entries.Where(e => e.Platform is not null).Select(e => $"{e.Platform!.Os}/{e.Platform.Architecture}").Distinct().Take(20)),
                    Expected = image.Platform.ToString(),
                });
            }

            var descriptor = OciReader.Check(chosen, "entry for the platform", image.Reference.ToString());
            answer = await origin.GetManifestAsync(descriptor.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        }

        return MediaTypes.IsManifest(answer.MediaType)
            ? answer
            : throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the manifest of {image.Reference} is of a type that is not known") { Got = answer.MediaType, Expected = $"{MediaTypes.OciManifest} or {MediaTypes.DockerManifest}" });
    }
}
