namespace Cake.KubeCache.Model;

/// <summary>Media types of images (OCI image-spec 1.1, media-types.md; Docker's image manifest version 2, schema 1 and 2).</summary>
internal static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";
    public const string OciLayerTar = "application/vnd.oci.image.layer.v1.tar";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+json";
    public const string DockerSchema1Signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>Any bytes.</summary>
    public const string Binary = "application/octet-stream";

    /// <summary>The artifact type of a plain file in the store.</summary>
    public const string KubeCacheFile = "application/vnd.cake.kubecache.file.v1";

    /// <summary>Manifests that stand for several platforms.</summary>
    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerList;

    /// <summary>Manifests of one image.</summary>
    public static bool IsManifest(string mediaType) => mediaType is OciManifest or DockerManifest;

    /// <summary>Configs that describe a container image with its root file system.</summary>
    public static bool IsImageConfig(string mediaType) => mediaType is OciConfig or DockerConfig;
}
