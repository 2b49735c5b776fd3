using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cake.KubeCache.Model;

/// <summary>Turns the JSON of manifests and configs into checked values. Every refusal is a <see cref="KubeCacheException"/>.</summary>
internal static class OciReader
{
    /// <summary>Manifests above this are refused: the size that OCI distribution-spec 1.1 asks every registry to accept.</summary>
    public const int MaxManifestBytes = 4 * 1024 * 1024;

    /// <summary>Configs above this are refused: real ones have some kilobytes.</summary>
    public const int MaxConfigBytes = 8 * 1024 * 1024;

    /// <summary>Reads a manifest or an index.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="title">What it is the manifest of, for messages.</param>
    /// <exception cref="KubeCacheException">No JSON of that form, or schema 1.</exception>
    public static OciManifestDocument ReadManifest(ReadOnlySpan<byte> bytes, string title)
    {
        OciManifestDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, OciJson.Default.OciManifestDocument);
        }
        catch (JsonException e)
        {
            throw Refuse($"the manifest of {title} is no JSON of a manifest", e.Message, inner: e);
        }

        if (document is { SchemaVersion: 1 })
        {
            throw Refuse($"the manifest of {title} is of Docker's schema 1, which has no content digests", "schemaVersion 1", "schemaVersion 2 (OCI or Docker schema 2)", hint: "push the image again with a tool of this decade, or take a newer tag");
        }

        return document is { SchemaVersion: 2 }
            ? document
            : throw Refuse($"the manifest of {title} has an unknown schema version", $"schemaVersion {document?.SchemaVersion}", "schemaVersion 2");
    }

    /// <summary>Checks a descriptor that a manifest or an index names.</summary>
    public static BlobDescriptor Check(OciDescriptor? descriptor, string role, string title)
    {
        if (descriptor is null || !Digest.TryParse(descriptor.Digest, out var digest) || digest.Algorithm != "sha256" || descriptor.Size < 0)
        {
            throw Refuse($"the manifest of {title} names its {role} without a valid digest and size", $"digest '{descriptor?.Digest}', size {descriptor?.Size}", "sha256:<64 hex digits> and a size");
        }

        return new BlobDescriptor(descriptor.MediaType ?? MediaTypes.Binary, digest, descriptor.Size);
    }

    /// <summary>Joins a manifest and its config into the parts that the planner and the pushes need.</summary>
    /// <param name="manifest">The manifest as read.</param>
    /// <param name="descriptor">The manifest's own descriptor.</param>
    /// <param name="config">The config blob.</param>
    /// <param name="title">What it is an image of, for messages.</param>
    public static ImageContent Join(OciManifestDocument manifest, BlobDescriptor descriptor, OciConfigDocument config, string title)
    {
        var layers = manifest.Layers ?? [];
        var diffIds = config.Rootfs?.DiffIds ?? [];
        if (layers.Count != diffIds.Count)
        {
            throw Refuse($"the manifest and the config of {title} disagree about the layers", $"{layers.Count} layers and {diffIds.Count} diff ids", "as many diff ids as layers");
        }

        var joined = new List<ImageLayer>(layers.Count);
        for (var i = 0; i < layers.Count; i++)
        {
            if (!Digest.TryParse(diffIds[i], out var diffId))
            {
                throw Refuse($"the config of {title} has a diff id that is no digest", diffIds[i], "sha256:<64 hex digits>");
            }

            // config.md, "Layer ChainID": the first is its diff id; each further one hashes "<chain id> <diff id>".
            var chainId = i == 0 ? diffId : Digest.Sha256(SHA256.HashData(Encoding.ASCII.GetBytes($"{joined[i - 1].ChainId} {diffId}")));
            joined.Add(new ImageLayer(Check(layers[i], $"layer {i + 1}", title), diffId, chainId));
        }

        return new ImageContent(descriptor.MediaType, descriptor.Size, Check(manifest.Config, "config", title), joined);
    }

    /// <summary>Reads an image config.</summary>
    public static OciConfigDocument ReadConfig(ReadOnlySpan<byte> bytes, string title)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, OciJson.Default.OciConfigDocument) ?? throw Refuse($"the config of {title} is empty", "null", "an image config");
        }
        catch (JsonException e)
        {
            throw Refuse($"the config of {title} is no JSON of an image config", e.Message, inner: e);
        }
    }

    private static KubeCacheException Refuse(string what, string got, string? expected = null, string? hint = null, Exception? inner = null) =>
        new(ErrorKind.GiveUp, new Fault(what) { Got = got, Expected = expected, Hint = hint }, inner);
}
