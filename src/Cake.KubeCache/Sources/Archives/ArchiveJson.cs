using System.Text.Json.Serialization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>One image in the <c>manifest.json</c> of <c>docker save</c> (moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format").</summary>
internal sealed record DockerSaveImage
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}

[JsonSerializable(typeof(List<DockerSaveImage>))]
internal sealed partial class ArchiveJson : JsonSerializerContext
{
    /// <summary>Reads a small file of an archive whole.</summary>
    /// <exception cref="KubeCacheException">It is larger than is sane (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<byte[]> ReadAsync(Stream content, int limit, string title, CancellationToken cancellationToken)
    {
        if (content.Length > limit)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("a document of an image archive is larger than is sane") { Where = new SourcePosition(title), Got = $"{content.Length} bytes", Expected = $"at most {limit} bytes" });
        }

        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
