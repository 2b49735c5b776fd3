using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Cake.KubeCache.Model;
using Microsoft.AspNetCore.Http;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A registry over HTTP (the pull part of the distribution-spec) whose answers a test may bend.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    private readonly Dictionary<Digest, (byte[] Bytes, string MediaType)> _content = [];
    private readonly ConcurrentDictionary<string, Digest> _tags = [];

    public LoopbackServer Server { get; private set; } = null!;

    public string Host => Server.Host;

    /// <summary>Looked at before anything else; true when it has answered.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; set; }

    public IReadOnlyList<SeenRequest> BlobRequests => [.. Server.Requests.Where(r => r.Path.Contains("/blobs/", StringComparison.Ordinal))];

    public static async Task<LoopbackRegistry> StartAsync()
    {
        var registry = new LoopbackRegistry();
        registry.Server = await LoopbackServer.StartAsync(registry.AnswerAsync);
        return registry;
    }

    public ImageReference Push(string repository, string tag, TestImage image)
    {
        Add(image);
        _tags[$"{repository}:{tag}"] = image.Manifest;
        return ImageReference.Parse($"{Host}/{repository}:{tag}");
    }

    public ImageReference PushIndex(string repository, string tag, JsonObject index, string mediaType = MediaTypes.OciIndex)
    {
        _tags[$"{repository}:{tag}"] = AddIndex(index, mediaType);
        return ImageReference.Parse($"{Host}/{repository}:{tag}");
    }

    public Digest AddIndex(JsonObject index, string mediaType = MediaTypes.OciIndex)
    {
        var holder = new TestImage();
        var bytes = TestImage.Bytes(index);
        var digest = holder.Add(bytes);
        _content[digest] = (bytes, mediaType);
        return digest;
    }

    public void Add(TestImage image)
    {
        foreach (var (digest, bytes) in image.Blobs)
        {
            _content[digest] = (bytes, digest == image.Manifest ? image.MediaType : MediaTypes.Binary);
        }
    }

    public static JsonObject Index(params (TestImage Image, string Architecture)[] images) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciIndex,
        ["manifests"] = new JsonArray([.. images.Select(i => (JsonNode)Entry(i.Image, i.Architecture))]),
    };

    public static JsonObject Entry(TestImage image, string architecture)
    {
        var entry = TestImage.Descriptor(image.MediaType, image.Manifest, image.Blobs[image.Manifest].Length);
        entry["platform"] = new JsonObject { ["os"] = "linux", ["architecture"] = architecture };
        return entry;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Answers a request as this registry does, whoever took it.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (Before is not null && await Before(context))
        {
            return;
        }

        var path = context.Request.Path.Value!;
        var (kind, at) = path.IndexOf("/manifests/", StringComparison.Ordinal) is >= 0 and var m ? ("/manifests/", m) : ("/blobs/", path.IndexOf("/blobs/", StringComparison.Ordinal));
        if (!path.StartsWith("/v2/", StringComparison.Ordinal) || at < 0)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var (repository, name) = (path[4..at], path[(at + kind.Length)..]);
        if ((!Digest.TryParse(name, out var digest) && !_tags.TryGetValue($"{repository}:{name}", out digest)) || !_content.TryGetValue(digest, out var content))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.ContentType = content.MediaType;
        await WriteAsync(context, content.Bytes);
    }

    /// <summary>Answers with bytes, or with the part that a Range asks for.</summary>
    public static async Task WriteAsync(HttpContext context, byte[] bytes)
    {
        var from = 0;
        if (context.Request.Headers.Range.ToString() is { Length: > 0 } range && range.StartsWith("bytes=", StringComparison.Ordinal))
        {
            from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (from >= bytes.Length)
            {
                context.Response.StatusCode = 416;
                return;
            }

            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        context.Response.ContentLength = bytes.Length - from;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(from));
        }
    }
}
