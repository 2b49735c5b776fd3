using System.Text.Json;
using System.Text.Json.Nodes;

namespace Build.Upstream.Images;

/// <summary>An image for one architecture (OCI image-spec 1.1: config.md, manifest.md).</summary>
internal sealed record Image(string Architecture, Blob Manifest, Blob Config, IReadOnlyList<ImageLayer> Layers)
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string Created = "1970-01-01T00:00:00Z";

    /// <summary>Everything a client may ask for.</summary>
    public IEnumerable<Blob> Blobs => Layers.Select(layer => layer.Blob).Prepend(Config).Prepend(Manifest);

    public static Image Of(string architecture, string entryPoint, params IReadOnlyList<ImageLayer> layers)
    {
        var config = Json(ConfigType, new JsonObject
        {
            ["created"] = Created,
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Entrypoint"] = new JsonArray(entryPoint), ["User"] = "65532:65532" },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Array(layers, layer => layer.DiffId.ToString()) },
            ["history"] = Array(layers, layer => new JsonObject { ["created"] = Created, ["created_by"] = layer.CreatedBy }),
        });
        var manifest = Json(ManifestType, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(config),
            ["layers"] = Array(layers, layer => Descriptor(layer.Blob)),
        });
        return new Image(architecture, manifest, config, layers);
    }

    /// <summary>The index of one image for several architectures (image-index.md).</summary>
    public static Blob Index(IEnumerable<Image> images) => Json(IndexType, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = IndexType,
        ["manifests"] = Array(images, image =>
        {
            var descriptor = Descriptor(image.Manifest);
            descriptor["platform"] = new JsonObject { ["architecture"] = image.Architecture, ["os"] = "linux" };
            return descriptor;
        }),
    });

    private static JsonObject Descriptor(Blob blob) => new()
    {
        ["mediaType"] = blob.MediaType,
        ["digest"] = blob.Digest.ToString(),
        ["size"] = blob.Content.Length,
    };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> node) => new([.. items.Select(node)]);

    private static Blob Json(string mediaType, JsonObject json) => new(JsonSerializer.SerializeToUtf8Bytes(json), mediaType);
}
