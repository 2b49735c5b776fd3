using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cake.KubeCache.Execution;

/// <summary>Writes a run report as JSON; the format is documented in docs/report.md.</summary>
internal static class ReportJson
{
    /// <summary>Version of the format; raised when a field changes its meaning or goes.</summary>
    public const int SchemaVersion = 1;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new SecondsConverter() },
    };

    /// <summary>The report as indented JSON: names in camelCase, durations in seconds, sizes in bytes.</summary>
    public static byte[] Serialize(RunReport report) => JsonSerializer.SerializeToUtf8Bytes(new Document(SchemaVersion, report), Options);

    private sealed record Document(int SchemaVersion, RunReport Run);

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Round(value.TotalSeconds, 3));
    }
}
