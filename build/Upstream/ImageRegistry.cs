using System.Collections.Concurrent;
using Build.Upstream.Content;
using Build.Upstream.Images;
using Cake.KubeCache.Model;
using Microsoft.AspNetCore.Http;

namespace Build.Upstream;

/// <summary>
/// The reading half of a registry (OCI distribution-spec 1.1, "Pull" and "Content Discovery"): manifests by tag and digest, blobs,
/// tag lists.
/// </summary>
internal sealed class ImageRegistry(QuickstartImages images)
{
    private readonly Lazy<IReadOnlyDictionary<Digest, Blob>> _blobs = new(() => AllBlobs(images));
    private readonly ConcurrentDictionary<(string Repository, string Tag), Blob> _indexes = [];

    /// <summary>Answers what stands below <c>/v2/</c>.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        var parts = (http.Request.Path.Value ?? "").Trim('/').Split('/');
        return parts switch
        {
            ["v2"] => Results.Json(new { }).ExecuteAsync(http),
            ["v2", .. var name, "tags", "list"] => TagsAsync(http, string.Join('/', name)),
            ["v2", .. var name, "manifests", var reference] => ManifestAsync(http, string.Join('/', name), reference),
            ["v2", .. _, "blobs", var digest] => BlobAsync(http, digest),
            _ => ErrorAsync(http, "UNSUPPORTED", "this registry only serves manifests, blobs and tag lists"),
        };
    }

    private Task TagsAsync(HttpContext http, string repository) => images.Tags.Contains(repository)
        ? Results.Json(new { name = repository, tags = images.Tags[repository] }).ExecuteAsync(http)
        : ErrorAsync(http, "NAME_UNKNOWN", $"no repository {repository}");

    private Task ManifestAsync(HttpContext http, string repository, string reference)
    {
        var manifest = Digest.TryParse(reference, out var digest) ? FindManifest(digest) : Index(repository, reference);
        if (manifest is null)
        {
            return ErrorAsync(http, "MANIFEST_UNKNOWN", $"no manifest {repository}:{reference}");
        }

        http.Response.Headers["Docker-Content-Digest"] = manifest.Digest.ToString();
        return FileOrigin.SendAsync(http, manifest);
    }

    private Blob? FindManifest(Digest digest) =>
        _blobs.Value.GetValueOrDefault(digest) is { MediaType: Image.ManifestType or Image.IndexType } manifest ? manifest : null;

    private Blob? Index(string repository, string tag) => images.Find(repository, tag) is { } found
        ? _indexes.GetOrAdd((repository, tag), _ => Image.Index(found))
        : null;

    private Task BlobAsync(HttpContext http, string text)
    {
        if (!Digest.TryParse(text, out var digest) || !_blobs.Value.TryGetValue(digest, out var blob))
        {
            return ErrorAsync(http, "BLOB_UNKNOWN", $"no blob {text}");
        }

        http.Response.Headers["Docker-Content-Digest"] = blob.Digest.ToString();
        return FileOrigin.SendAsync(http, blob);
    }

    private static Task ErrorAsync(HttpContext http, string code, string message) =>
        Results.Json(new { errors = new[] { new { code, message } } }, statusCode: StatusCodes.Status404NotFound).ExecuteAsync(http);

    // A digest may be asked for before any tag was (a resumed run): all images are made then, which takes milliseconds.
    private static Dictionary<Digest, Blob> AllBlobs(QuickstartImages images)
    {
        var all = images.Tags.SelectMany(tags => tags.Select(tag => images.Find(tags.Key, tag)!)).ToList();
        return all.SelectMany(i => i).SelectMany(image => image.Blobs)
            .Concat(all.Select(Image.Index))
            .DistinctBy(blob => blob.Digest)
            .ToDictionary(blob => blob.Digest);
    }
}
