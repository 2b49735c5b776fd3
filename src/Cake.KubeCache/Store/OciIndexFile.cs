using System.Security.Cryptography;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// Writes <c>oci-layout</c> and <c>index.json</c> from the cache manifest, so that skopeo, oras and crane find every image by its
/// full reference and every file as an OCI artifact.
/// </summary>
/// <remarks>
/// An image of one platform is named directly. One of several is named by an index of them, so that the platforms of one reference
/// do not collide and a reader chooses as it would from a registry. A Docker schema 2 manifest is represented by its
/// <see cref="OciTwin"/> and stands in the index itself without a name.
/// </remarks>
internal static class OciIndexFile
{
    /// <summary>Annotation that names a reference in an image layout (annotations.md).</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    private static readonly byte[] Marker = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    /// <summary>Writes both files; the marker only where it is missing.</summary>
    public static void Write(StoreLayout layout, CacheManifest manifest)
    {
        if (!File.Exists(layout.Marker))
        {
            AtomicFile.Write(layout.Marker, Marker);
        }

        var made = new MadeBlobs();
        var descriptors = Files(manifest).Concat(Originals(manifest)).Concat(Images(manifest, made)).ToList();
        made.Write(layout);
        AtomicFile.Write(layout.Index, Serialize(descriptors));
    }

    /// <summary>The blobs that <c>index.json</c> refers to besides those that the entries themselves need.</summary>
    public static IEnumerable<Digest> OwnBlobs(CacheManifest manifest)
    {
        var made = new MadeBlobs();
        _ = Images(manifest, made).ToList();
        return made.Digests.Append(Digest.Sha256(SHA256.HashData(FileArtifactManifest.EmptyConfig)));
    }

    private static IEnumerable<OciDescriptor> Files(CacheManifest manifest) =>
        from entry in manifest.Artifacts.Values
        where entry.File is not null
        group entry by entry.File!.Manifest into same
        let file = same.First().File!
        select new OciDescriptor
        {
            MediaType = MediaTypes.OciManifest,
            ArtifactType = MediaTypes.KubeCacheFile,
            Digest = file.Manifest,
            Size = file.ManifestSize,
            Annotations = new Dictionary<string, string> { [RefName] = FileArtifactManifest.ReferenceName(file.Title, same.First().Digest) },
        };

    /// <summary>Docker schema 2 manifests as they came; other tools then keep them when they clean up.</summary>
    private static IEnumerable<OciDescriptor> Originals(CacheManifest manifest) =>
        manifest.Artifacts.Values.Where(IsDocker).DistinctBy(e => e.Digest).Select(e => new OciDescriptor { MediaType = e.Image!.MediaType, Digest = e.Digest, Size = e.Image.ManifestSize });

    private static IEnumerable<OciDescriptor> Images(CacheManifest manifest, MadeBlobs made)
    {
        foreach (var (name, entries) in Groups(manifest))
        {
            var described = entries.OrderBy(e => CacheEntries.PlatformOf(e.Image!).ToString(), StringComparer.Ordinal).Select(e => Describe(e, made)).ToList();
            var descriptor = described.Count == 1 ? described[0] : made.Describe(MediaTypes.OciIndex, Serialize(described));
            yield return descriptor with { Annotations = new Dictionary<string, string> { [RefName] = name } };
        }
    }

    /// <summary>Every name with the images of its platforms: the reference as given, and without its digest where that is free.</summary>
    private static IEnumerable<(string Name, List<CacheEntry> Entries)> Groups(CacheManifest manifest)
    {
        var groups = new SortedDictionary<string, List<CacheEntry>>(StringComparer.Ordinal);
        var images = manifest.Artifacts.Values.Where(e => e.Image is not null).ToList();
        foreach (var entry in images)
        {
            Add(entry.Image!.Reference, entry);
        }

        // name:tag@digest is also found by name:tag; one that was asked for by tag, or the newest, keeps that name.
        foreach (var entry in images.OrderByDescending(e => e.FetchedAt))
        {
            var familiar = ImageReference.Parse(entry.Image!.Reference).Familiar;
            if (familiar != entry.Image.Reference)
            {
                Add(familiar, entry);
            }
        }

        return groups.Select(g => (g.Key, g.Value));

        void Add(string name, CacheEntry entry)
        {
            if (!groups.TryGetValue(name, out var entries))
            {
                groups.Add(name, entries = []);
            }

            if (!entries.Any(e => CacheEntries.PlatformOf(e.Image!) == CacheEntries.PlatformOf(entry.Image!)))
            {
                entries.Add(entry);
            }
        }
    }

    private static bool IsDocker(CacheEntry entry) => entry.Image?.MediaType == MediaTypes.DockerManifest;

    private static OciDescriptor Describe(CacheEntry entry, MadeBlobs made)
    {
        var image = entry.Image!;
        var descriptor = IsDocker(entry)
            ? made.Describe(MediaTypes.OciManifest, OciTwin.Bytes(image))
            : new OciDescriptor { MediaType = image.MediaType, Digest = entry.Digest, Size = image.ManifestSize };
        return descriptor with { Platform = new OciPlatform { Os = image.Os, Architecture = image.Architecture, Variant = image.Variant } };
    }

    private static byte[] Serialize(IReadOnlyList<OciDescriptor> manifests) => JsonSerializer.SerializeToUtf8Bytes(
        new OciManifestDocument { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = manifests },
        OciJson.Default.OciManifestDocument);

    /// <summary>Small documents that are derived from the manifest and not fetched.</summary>
    private sealed class MadeBlobs
    {
        private readonly Dictionary<Digest, byte[]> _made = [];

        public IEnumerable<Digest> Digests => _made.Keys;

        public OciDescriptor Describe(string mediaType, byte[] bytes)
        {
            var digest = Digest.Sha256(SHA256.HashData(bytes));
            _made[digest] = bytes;
            return new OciDescriptor { MediaType = mediaType, Digest = digest.ToString(), Size = bytes.Length };
        }

        public void Write(StoreLayout layout)
        {
            foreach (var (digest, bytes) in _made.Where(m => !File.Exists(layout.Blob(m.Key))))
            {
                AtomicFile.Write(layout.Blob(digest), bytes);
            }
        }
    }
}
