using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>
/// Writes <c>oci-layout</c> and <c>index.json</c> from the cache manifest, so that skopeo, oras and crane find every image by its
/// full reference and every file as an OCI artifact.
/// </summary>
/// <remarks>
/// An image with one OCI manifest is named directly. One of several platforms is named by an index of them, so that the platforms
/// of one reference do not collide and a reader chooses as it would from a registry. Docker schema 2 manifests are always behind
/// such an index, because skopeo looks only at OCI media types in <c>index.json</c>.
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

        var descriptors = Files(manifest).Concat(Images(layout, manifest)).ToList();
        AtomicFile.Write(layout.Index, Serialize(descriptors));
    }

    /// <summary>The index blobs that <c>index.json</c> refers to, besides what the entries themselves need.</summary>
    public static IEnumerable<Digest> IndexBlobs(CacheManifest manifest) =>
        Groups(manifest).Where(g => NeedsIndex(g.Entries)).Select(g => Digest.Sha256(System.Security.Cryptography.SHA256.HashData(IndexOf(g.Entries))));

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

    private static IEnumerable<OciDescriptor> Images(StoreLayout layout, CacheManifest manifest)
    {
        foreach (var (name, entries) in Groups(manifest))
        {
            var annotations = new Dictionary<string, string> { [RefName] = name };
            if (!NeedsIndex(entries))
            {
                yield return Describe(entries[0]) with { Annotations = annotations };
                continue;
            }

            var index = IndexOf(entries);
            var digest = Digest.Sha256(System.Security.Cryptography.SHA256.HashData(index));
            if (!File.Exists(layout.Blob(digest)))
            {
                AtomicFile.Write(layout.Blob(digest), index);
            }

            yield return new OciDescriptor { MediaType = MediaTypes.OciIndex, Digest = digest.ToString(), Size = index.Length, Annotations = annotations };
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

    private static bool NeedsIndex(List<CacheEntry> entries) => entries.Count > 1 || entries[0].Image!.MediaType != MediaTypes.OciManifest;

    private static byte[] IndexOf(List<CacheEntry> entries) => Serialize([.. entries.OrderBy(e => CacheEntries.PlatformOf(e.Image!).ToString(), StringComparer.Ordinal).Select(Describe)]);

    private static OciDescriptor Describe(CacheEntry entry) => new()
    {
        MediaType = entry.Image!.MediaType,
        Digest = entry.Digest,
        Size = entry.Image.ManifestSize,
        Platform = new OciPlatform { Os = entry.Image.Os, Architecture = entry.Image.Architecture, Variant = entry.Image.Variant },
    };

    private static byte[] Serialize(IReadOnlyList<OciDescriptor> manifests) => JsonSerializer.SerializeToUtf8Bytes(
        new OciManifestDocument { SchemaVersion = 2, MediaType = MediaTypes.OciIndex, Manifests = manifests },
        OciJson.Default.OciManifestDocument);
}
