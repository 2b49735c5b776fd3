namespace Cake.KubeCache.Model;

/// <summary>Reads verified content by digest. The store is one; so is any OCI image layout.</summary>
public interface IBlobSource
{
    /// <summary>Opens a blob for reading from its start; seekable. The caller disposes it.</summary>
    /// <exception cref="KubeCacheException">The blob is not there (<see cref="ErrorKind.GiveUp"/>).</exception>
    Stream OpenRead(Digest digest);
}
