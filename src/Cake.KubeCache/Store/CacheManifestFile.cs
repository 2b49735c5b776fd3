using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Reads and replaces <c>manifest.json</c>, and tells whether another process replaced it.</summary>
internal sealed class CacheManifestFile(StoreLayout layout)
{
    private readonly Lock _gate = new();
    private CacheManifest _manifest = new();
    private (long Size, DateTime Written) _stamp;

    /// <summary>The manifest as it now is on disk; read again only when the file changed.</summary>
    /// <exception cref="KubeCacheException">Written by a newer version, or damaged (<see cref="ErrorKind.Input"/>).</exception>
    public CacheManifest Current()
    {
        lock (_gate)
        {
            var stamp = Stamp();
            if (stamp != _stamp)
            {
                _manifest = stamp == default ? new CacheManifest() : Read();
                _stamp = stamp;
            }

            return _manifest;
        }
    }

    /// <summary>Replaces the manifest. Only under the store's lock.</summary>
    public void Replace(CacheManifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, StoreJson.Default.CacheManifest);
        lock (_gate)
        {
            AtomicFile.Write(layout.Manifest, bytes);
            _manifest = manifest;
            _stamp = Stamp();
        }
    }

    private (long, DateTime) Stamp()
    {
        var file = new FileInfo(layout.Manifest);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
    }

    private CacheManifest Read()
    {
        var bytes = File.ReadAllBytes(layout.Manifest);
        try
        {
            var version = JsonSerializer.Deserialize(bytes, StoreJson.Default.CacheManifestVersion)?.SchemaVersion ?? 0;
            if (version > CacheManifest.CurrentSchemaVersion)
            {
                throw new KubeCacheException(ErrorKind.Input, new Fault("the cache was written by a newer version of Cake.KubeCache")
                {
                    Where = new SourcePosition(layout.Manifest),
                    Got = $"schema version {version}",
                    Expected = $"schema version {CacheManifest.CurrentSchemaVersion} or older",
                    Hint = "use that newer version, or name another folder (--cache); the cache was left as it is",
                });
            }

            return JsonSerializer.Deserialize(bytes, StoreJson.Default.CacheManifest) ?? new CacheManifest();
        }
        catch (JsonException e)
        {
            throw new KubeCacheException(
                ErrorKind.Input,
                new Fault("the cache manifest cannot be read")
                {
                    Where = new SourcePosition(layout.Manifest),
                    Got = e.Message,
                    Hint = "remove this one file: the blobs stay, and the next run takes them up again without downloading them",
                },
                e);
        }
    }
}
