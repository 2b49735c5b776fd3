using System.Security.Cryptography;
using Build.Upstream.Archives;
using Cake.KubeCache.Model;

namespace Build.Upstream.Images;

/// <summary>A layer: its gzip blob, and the digest of the tar in it, which the configuration lists.</summary>
internal sealed record ImageLayer(Blob Blob, Digest DiffId, string CreatedBy)
{
    private const string MediaType = "application/vnd.oci.image.layer.v1.tar+gzip";

    public static ImageLayer Of(string createdBy, params IEnumerable<TarFile> files)
    {
        var tar = TarFile.Archive(files);
        return new ImageLayer(new Blob(StoredGzip.Compress(tar), MediaType), Digest.Sha256(SHA256.HashData(tar)), createdBy);
    }
}
