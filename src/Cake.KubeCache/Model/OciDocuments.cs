using System.Text.Json.Serialization;

namespace Cake.KubeCache.Model;

/// <summary>A descriptor as it stands in JSON (OCI image-spec 1.1, descriptor.md). Untrusted: check it before it is used.</summary>
internal sealed record OciDescriptor
{
    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public string? Digest { get; init; }

    public long Size { get; init; }

    public OciPlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<string>? Urls { get; init; }
}

/// <summary>A platform as it stands in an index (image-index.md).</summary>
internal sealed record OciPlatform
{
    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }
}

/// <summary>A manifest or an index (manifest.md, image-index.md; Docker schema 2 has the same members).</summary>
internal sealed record OciManifestDocument
{
    public int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

/// <summary>The members of an image config that matter here (config.md).</summary>
internal sealed record OciConfigDocument
{
    public string? Os { get; init; }

    public string? Architecture { get; init; }

    public string? Variant { get; init; }

    public OciRootFileSystem? Rootfs { get; init; }
}

/// <summary><c>rootfs</c> of an image config.</summary>
internal sealed record OciRootFileSystem
{
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<string>? DiffIds { get; init; }
}

/// <summary>Readers and writers of these documents that cost no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciManifestDocument))]
[JsonSerializable(typeof(OciConfigDocument))]
internal sealed partial class OciJson : JsonSerializerContext;
