using System.Text.Encodings.Web;
using System.Text.Json;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Presentation;

/// <summary>Writes a plan as JSON; the format is documented in docs/plan.md.</summary>
internal static class PlanJson
{
    /// <summary>Version of the format; raised when a field changes its meaning or goes.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The plan as indented JSON.</summary>
    public static byte[] Serialize(Plan plan)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteBoolean("upToDate", plan.UpToDate);
            json.WriteStartArray("artifacts");
            foreach (var artifact in plan.Artifacts)
            {
                Write(json, artifact);
            }

            json.WriteEndArray();
            json.WriteStartArray("nodes");
            foreach (var node in plan.Nodes)
            {
                Write(json, node);
            }

            json.WriteEndArray();
            json.WriteStartObject("hosts");
            foreach (var node in plan.Nodes.Where(n => n.Downloads is not null))
            {
                json.WritePropertyName(node.Node.Name);
                HostDocument.Write(json, node.Downloads!);
            }

            json.WriteEndObject();
            json.WriteStartArray("warnings");
            foreach (var warning in plan.Warnings)
            {
                json.WriteStringValue(warning.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, PlannedArtifact planned)
    {
        json.WriteStartObject();
        json.WriteString("name", planned.Artifact.Name);
        json.WriteString("kind", planned.Artifact is ImageArtifact ? "image" : "file");
        json.WriteString("source", planned.Artifact switch { FileArtifact file => file.Url, ImageArtifact image => image.Reference.ToString(), _ => planned.Artifact.Title });
        if (planned.Artifact is ImageArtifact { Platform: var platform })
        {
            json.WriteString("platform", platform.ToString());
        }

        json.WriteString("cache", planned.State switch { FetchState.Cached => "cached", FetchState.Missing => "missing", FetchState.OnNodes => "onNodes", _ => "refresh" });
        if (planned.Stored is { } stored)
        {
            json.WriteString("digest", stored.Digest.ToString());
            json.WriteNumber("size", stored.Size);
        }

        json.WriteStartArray("nodes");
        foreach (var node in planned.Nodes)
        {
            json.WriteStringValue(node);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PlannedNode node)
    {
        json.WriteStartObject();
        json.WriteString("name", node.Node.Name);
        json.WriteString("runtime", node.Node.Runtime.ToString());
        json.WriteString("mode", node.Settings.Mode switch { DeliveryMode.Push => "push", DeliveryMode.Delegate => "delegate", _ => "node" });
        json.WriteBoolean("known", node.Facts is not null);
        if (node.Unreachable is { } fault)
        {
            json.WriteString("unreachable", fault.ToString());
        }

        json.WriteStartArray("deliveries");
        foreach (var delivery in node.Deliveries)
        {
            json.WriteStartObject();
            json.WriteString("artifact", delivery.Artifact.Name);
            json.WriteString("state", delivery.State switch { DeliveryState.UpToDate => "upToDate", DeliveryState.Missing => "missing", DeliveryState.Different => "different", _ => "unknown" });
            json.WriteString("reason", delivery.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
