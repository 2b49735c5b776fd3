using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Cake.KubeCache.Transport.Registry;

namespace Cake.KubeCache.Sources;

/// <summary>A registry and its mirrors as the origin of an image (OCI distribution-spec 1.1, "Pull").</summary>
internal sealed class RegistryOrigin(FetchSession session, ImageReference reference, ITransferProgress progress) : IImageOrigin
{
    private static readonly string[] Accepted = [MediaTypes.OciIndex, MediaTypes.OciManifest, MediaTypes.DockerList, MediaTypes.DockerManifest];

    private readonly IReadOnlyList<RegistryEndpoint> _endpoints = RegistryEndpoints.Of(reference, session.Settings);

    /// <inheritdoc/>
    public string Title { get; private set; } = reference.Name;

    /// <summary>What is nearer than the registry and has the image, but not as it is pinned; told when the registry fails.</summary>
    public IReadOnlyList<Fault> PassedOver { get; init; } = [];

    /// <summary>What was passed over, and what the registries said about how much may still be pulled.</summary>
    public IEnumerable<string> Notes => PassedOver.Select(f => $"{f.What} ({f.Where})").Concat(RateLimits);

    private IEnumerable<string> RateLimits => from e in _endpoints where session.Registry.RateLimits.ContainsKey(e.Host) select $"{e.Host}: {session.Registry.RateLimits[e.Host]}";

    /// <inheritdoc/>
    /// <remarks>By HEAD, which Docker Hub does not count as a pull.</remarks>
    public Task<Digest?> ResolveAsync(string tag, CancellationToken cancellationToken) => AskAsync(
        new RegistryCall(HttpMethod.Head, "manifests/" + tag, $"resolving {reference.Familiar}", Accept),
        (reply, _) => Task.FromResult<Digest?>(
            reply.Response.StatusCode == HttpStatusCode.OK && reply.Response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest) ? digest
            : reply.Response.StatusCode is HttpStatusCode.OK or HttpStatusCode.MethodNotAllowed ? null
            : throw HttpFaults.Of(reply.Response, reply.Url, $"resolving {reference.Familiar}")),
        cancellationToken);

    /// <inheritdoc/>
    public Task<ManifestAnswer> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken)
    {
        var what = $"getting the manifest of {reference}";
        return AskAsync(
            new RegistryCall(HttpMethod.Get, "manifests/" + tagOrDigest, what, Accept),
            async (reply, token) =>
            {
                if (reply.Response.StatusCode != HttpStatusCode.OK)
                {
                    throw HttpFaults.Of(reply.Response, reply.Url, what);
                }

                var bytes = await LimitedBody.ReadAsync(reply, OciReader.MaxManifestBytes, what, token).ConfigureAwait(false);
                var announced = reply.Response.Headers.TryGetValues("Docker-Content-Digest", out var values) && Digest.TryParse(values.First(), out var digest) ? digest : (Digest?)null;
                Digest? expected = Digest.TryParse(tagOrDigest, out var asked) ? asked : announced;
                return ManifestAnswers.Of(bytes, reply.Response.Content.Headers.ContentType?.MediaType, expected, reference.ToString());
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<BodyReceipt> ReceiveBlobAsync(Wanted wanted, LandingSink sink, CancellationToken cancellationToken) => session.Rounds.RunAsync(
        _endpoints,
        (endpoint, token) => Landing.ReceiveAsync(wanted, sink, () => DownloadAsync(endpoint, wanted, sink, token)),
        progress.Say,
        cancellationToken);

    /// <summary>Reads a small blob, such as a config, whole.</summary>
    /// <exception cref="KubeCacheException">It has another content than its digest says, or cannot be had.</exception>
    public Task<byte[]> ReadBlobAsync(BlobDescriptor blob, CancellationToken cancellationToken)
    {
        var what = $"getting {blob.Digest} of {reference}";
        return AskAsync(
            new RegistryCall(HttpMethod.Get, $"blobs/{blob.Digest}", what),
            async (reply, token) =>
            {
                if (reply.Response.StatusCode != HttpStatusCode.OK)
                {
                    throw HttpFaults.Of(reply.Response, reply.Url, what);
                }

                var bytes = await LimitedBody.ReadAsync(reply, OciReader.MaxConfigBytes, what, token).ConfigureAwait(false);
                var got = blob.Digest.Algorithm == "sha512" ? Digest.Parse("sha512:" + Convert.ToHexStringLower(SHA512.HashData(bytes))) : Digest.Sha256(SHA256.HashData(bytes));
                return got == blob.Digest ? bytes : throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{what} gave other content than its digest says") { Where = new SourcePosition(UrlText.Of(reply.Url)), Got = got.ToString(), Expected = blob.Digest.ToString() });
            },
            cancellationToken);
    }

    /// <summary>Has a blob received and kept by the node whose clients the session has; verified there.</summary>
    public Task<Spooled> SpoolBlobAsync(BlobDescriptor blob, CancellationToken cancellationToken)
    {
        var spooling = new Spooling(SpoolAnswer.NameOf(blob.Digest, ""), blob.Digest, blob.Size, $"downloading {blob.Digest} of {reference}");
        return session.Rounds.RunAsync(
            _endpoints,
            (endpoint, token) => SpoolAnswer.ReadAsync(
                spooling,
                headers => session.Registry.SendAsync(endpoint, new RegistryCall(HttpMethod.Get, $"blobs/{blob.Digest}", spooling.What, headers), token),
                token),
            progress.Say,
            cancellationToken);
    }

    private static void Accept(HttpRequestHeaders headers)
    {
        foreach (var mediaType in Accepted)
        {
            headers.Accept.Add(new MediaTypeWithQualityHeaderValue(mediaType));
        }
    }

    private async Task<BodyReceipt> DownloadAsync(RegistryEndpoint endpoint, Wanted wanted, LandingSink sink, CancellationToken cancellationToken)
    {
        var path = $"blobs/{wanted.Expected}";
        using var place = await session.Shared.Gate.EnterAsync(endpoint.Host, wanted.Size, cancellationToken).ConfigureAwait(false);
        var body = new BodyRequest
        {
            Url = endpoint.Url(path),
            What = $"downloading {wanted.Title}",
            Open = (headers, token) => session.Registry.SendAsync(endpoint, new RegistryCall(HttpMethod.Get, path, $"downloading {wanted.Title}", headers), token),
            ContentIsKnown = true,
            Size = wanted.Size,
        };
        return await session.Shared.Receiver.ReceiveAsync(body, sink, wanted.Progress, cancellationToken).ConfigureAwait(false);
    }

    private Task<T> AskAsync<T>(RegistryCall call, Func<HttpReply, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => session.Rounds.RunAsync(
        _endpoints,
        async (endpoint, token) =>
        {
            using var place = await session.Shared.Questions.EnterAsync(endpoint.Host, null, token).ConfigureAwait(false);
            return await Patience.WithinAsync(
                session.Shared.Settings.StallTimeout,
                new Asking(endpoint.Url(call.Path), call.What),
                async t =>
                {
                    using var reply = await session.Registry.SendAsync(endpoint, call, t).ConfigureAwait(false);
                    var answer = await read(reply, t).ConfigureAwait(false);
                    Title = $"{endpoint.Api.Authority}/{endpoint.Repository}";
                    return answer;
                },
                token).ConfigureAwait(false);
        },
        progress.Say,
        cancellationToken);
}
