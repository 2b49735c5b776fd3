using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Tests.Support;

/// <summary>Blobs in a folder of their own: the part of a store that deliveries need.</summary>
internal sealed class TestBlobs : IBlobSource, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubecache-blobs-").FullName;

    /// <summary>How many bytes were read.</summary>
    public long Opened { get; private set; }

    public Digest Put(byte[] content)
    {
        var digest = Digest.Sha256(SHA256.HashData(content));
        File.WriteAllBytes(PathOf(digest), content);
        return digest;
    }

    public Stream OpenRead(Digest digest)
    {
        if (!File.Exists(PathOf(digest)))
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"no blob {digest}"));
        }

        Opened++;
        return File.OpenRead(PathOf(digest));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(Digest digest) => Path.Combine(_folder, digest.Hex);
}
