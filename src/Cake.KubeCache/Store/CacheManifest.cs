using System.Text.Json.Serialization;

namespace Cake.KubeCache.Store;

/// <summary>The cache manifest as it stands in <c>manifest.json</c>.</summary>
internal sealed record CacheManifest
{
    /// <summary>The version that this program writes. A file with a higher one is refused, never rewritten.</summary>
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Entries by content key.</summary>
    public SortedDictionary<string, CacheEntry> Artifacts { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What the last plans referenced, newest first.</summary>
    public IReadOnlyList<RecordedPlan> Plans { get; init; } = [];
}

/// <summary>The content keys that one plan referenced: they are kept while it is one of the last N.</summary>
internal sealed record RecordedPlan(DateTimeOffset At, IReadOnlyList<string> Keys);

/// <summary>One artifact in the cache manifest. Digests are text here: the file is read by people and other programs.</summary>
internal sealed record CacheEntry
{
    /// <summary>The item's name in <c>downloads</c> when it was fetched.</summary>
    public required string Name { get; init; }

    /// <summary>The file's own digest, or the image manifest's.</summary>
    public required string Digest { get; init; }

    public required long Size { get; init; }

    /// <summary>The URL or reference that really answered.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>For files: what it was asked by.</summary>
    public FileEntry? File { get; init; }

    /// <summary>For images: what it was asked by, and its parts.</summary>
    public ImageEntry? Image { get; init; }
}

/// <summary>What is only known of files.</summary>
internal sealed record FileEntry
{
    /// <summary>The URL as the catalogue gives it, without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>The file name people know it by.</summary>
    public required string Title { get; init; }

    /// <summary>The OCI artifact manifest that stands for the file in the image layout.</summary>
    public required string Manifest { get; init; }

    public required long ManifestSize { get; init; }

    /// <summary>Whether nobody vouched for the content: it was locked at first use.</summary>
    public bool Unverified { get; init; }
}

/// <summary>What is only known of images.</summary>
internal sealed record ImageEntry
{
    /// <summary>The reference with tag and digest as the catalogue gives it.</summary>
    public required string Reference { get; init; }

    public required string Os { get; init; }

    public required string Architecture { get; init; }

    public string? Variant { get; init; }

    /// <summary>What the tag pointed at: an index's digest or the manifest's own, newest last.</summary>
    public required IReadOnlyList<TagResolution> Resolutions { get; init; }

    public required string MediaType { get; init; }

    public required long ManifestSize { get; init; }

    public required BlobEntry Config { get; init; }

    public required IReadOnlyList<LayerEntry> Layers { get; init; }
}

/// <summary>What a tag pointed at, and when that was found.</summary>
internal sealed record TagResolution(string Digest, DateTimeOffset At);

/// <summary>A blob in the cache manifest.</summary>
internal sealed record BlobEntry(string MediaType, string Digest, long Size);

/// <summary>A layer in the cache manifest.</summary>
internal sealed record LayerEntry(string MediaType, string Digest, long Size, string DiffId, string ChainId);

/// <summary>What is read first of any manifest, whatever its version.</summary>
internal sealed record CacheManifestVersion(int SchemaVersion);

/// <summary>Reader and writer that cost no reflection at start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(CacheManifest))]
[JsonSerializable(typeof(CacheManifestVersion))]
[JsonSerializable(typeof(PartialState))]
internal sealed partial class StoreJson : JsonSerializerContext;
