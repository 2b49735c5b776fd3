using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// The OCI manifest that says the same as a Docker schema 2 manifest: same config, same layers, OCI's media types. Readers of image
/// layouts expect that one (skopeo looks at nothing else); what is pushed to nodes is the original, whose digest people pin.
/// </summary>
internal static class OciTwin
{
    /// <summary>The manifest's bytes; equal entries give equal bytes.</summary>
    public static byte[] Bytes(ImageEntry image) => JsonSerializer.SerializeToUtf8Bytes(
        new OciManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new OciDescriptor { MediaType = MediaTypes.OciConfig, Digest = image.Config.Digest, Size = image.Config.Size },
            Layers = [.. image.Layers.Select(l => new OciDescriptor { MediaType = Translate(l.MediaType), Digest = l.Digest, Size = l.Size })],
        },
        OciJson.Default.OciManifestDocument);

    private static string Translate(string mediaType) => mediaType switch
    {
        "application/vnd.docker.image.rootfs.diff.tar" => MediaTypes.OciLayerTar,
        "application/vnd.docker.image.rootfs.diff.tar.gzip" => MediaTypes.OciLayerGzip,
        "application/vnd.docker.image.rootfs.diff.tar.zstd" => MediaTypes.OciLayerTar + "+zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" => "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        _ => mediaType,
    };
}
