using Build.Upstream.Content;
using Build.Upstream.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Build.Upstream;

/// <summary>An HTTP origin with entity tags and byte ranges (RFC 9110, sections 8.8.3 and 14).</summary>
internal sealed class FileOrigin(QuickstartFiles files)
{
    /// <summary>Answers GET and HEAD; 404 for what is not there.</summary>
    public Task AnswerAsync(HttpContext http) => files.Find(http.Request.Path.Value ?? "") is { } content
        ? SendAsync(http, new Blob(content, "application/octet-stream"))
        : Results.NotFound().ExecuteAsync(http);

    /// <summary>Sends content whole, or the range that is asked for.</summary>
    public static Task SendAsync(HttpContext http, Blob blob) => Results.Bytes(
        blob.Content,
        blob.MediaType,
        enableRangeProcessing: true,
        entityTag: new EntityTagHeaderValue($"\"{blob.Digest.Hex}\"")).ExecuteAsync(http);
}
