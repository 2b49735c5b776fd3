using System.Globalization;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>
/// The one way in which downloaded bytes become a blob: taken for this process, received, compared, renamed. What is there already,
/// or was finished by another process meanwhile, is not downloaded.
/// </summary>
internal sealed class Landing(FetchShared shared)
{
    /// <summary>Lands content; callers that want the same at once share one download.</summary>
    /// <param name="wanted">What is to land.</param>
    /// <param name="receive">Receives it into the sink (may be called again after a failure), and says who sent it.</param>
    /// <param name="cancellationToken">Ends this caller's waiting; the download only ends when nobody waits for it.</param>
    /// <exception cref="KubeCacheException">The content does not hash to what was expected (<see cref="ErrorKind.GiveUp"/>), or it could not be received or written.</exception>
    public async Task<Landed> LandAsync(Wanted wanted, Func<LandingSink, CancellationToken, Task<BodyReceipt>> receive, CancellationToken cancellationToken)
    {
        if (Present(wanted) is { } there)
        {
            return there;
        }

        var (landed, began) = await shared.Downloads.RunAsync(wanted.Id, token => ReceiveAsync(wanted, receive, token), cancellationToken).ConfigureAwait(false);
        return began ? landed : landed with { BytesReceived = 0 };
    }

    /// <summary>Receives the whole content and compares its hash. Content that was joined from several connections and hashes wrong is received once more from the start.</summary>
    /// <param name="wanted">What is to land.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="attempt">Receives what is missing in the sink.</param>
    /// <exception cref="KubeCacheException">Another hash (<see cref="ErrorKind.GiveUp"/>); nothing of it is kept.</exception>
    public static async Task<BodyReceipt> ReceiveAsync(Wanted wanted, LandingSink sink, Func<Task<BodyReceipt>> attempt)
    {
        var receipt = await attempt().ConfigureAwait(false);
        if (Differs(wanted, sink) is null)
        {
            return receipt;
        }

        if (sink.Joined)
        {
            wanted.Progress.Say($"{wanted.Title}: what was resumed does not hash to {wanted.Expected}; once more from the start");
            sink.Restart();
            receipt = await attempt().ConfigureAwait(false);
        }

        if (Differs(wanted, sink) is not { } got)
        {
            return receipt;
        }

        var size = sink.Length;
        sink.Blob.Forget();
        throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{wanted.Title} does not have the content that was expected; nothing of it was kept")
        {
            Where = new SourcePosition(UrlText.Of(receipt.Url)),
            Got = string.Create(CultureInfo.InvariantCulture, $"{got} ({size} bytes)"),
            Expected = wanted.Size is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{wanted.Expected} ({bytes} bytes)") : wanted.Expected.ToString(),
            Hint = wanted.Hint,
        });
    }

    private static Digest? Differs(Wanted wanted, LandingSink sink)
    {
        if (wanted.Expected is not { } expected)
        {
            return null;
        }

        var got = expected.Algorithm == "sha512" ? sink.Blob.Sha512() : sink.Blob.Sha256();
        return got == expected ? null : got;
    }

    private Landed? Present(Wanted wanted) =>
        wanted.Expected is { Algorithm: "sha256" } digest && shared.Store.Has(digest, wanted.Size) ? new Landed(digest, shared.Store.SizeOf(digest), null, 0) : null;

    private async Task<Landed> ReceiveAsync(Wanted wanted, Func<LandingSink, CancellationToken, Task<BodyReceipt>> receive, CancellationToken cancellationToken)
    {
        var request = new PartialRequest(wanted.Id, wanted.Expected?.Algorithm == "sha512", wanted.KeepState, () => wanted.Progress.Say("another process is downloading it; waiting"));
        using var blob = await shared.Store.AcquireAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            if (Present(wanted) is { } there)
            {
                blob.Forget();
                return there;
            }

            if ((Finished(wanted, blob) ?? wanted.Entered?.Invoke()) is { } finished)
            {
                return finished;
            }

            using var announced = shared.Space.Announce([(wanted.Id, 0)], wanted.Title);
            var sink = new LandingSink(blob, shared.Space, wanted);
            var receipt = await receive(sink, cancellationToken).ConfigureAwait(false);
            return new Landed(await blob.PromoteAsync().ConfigureAwait(false), blob.Length, receipt.Url, sink.Received);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Explain(e, $"{wanted.Title} could not be written to the cache", shared.Store.Directory);
        }
    }

    /// <summary>What an earlier process completed without living to enter it into the manifest.</summary>
    private Landed? Finished(Wanted wanted, PartialBlob blob)
    {
        if (blob.State is not { Completed: { } completed } state || !Digest.TryParse(completed, out var digest) || !wanted.TakeUp)
        {
            return null;
        }

        var url = Uri.TryCreate(state.Source, UriKind.Absolute, out var source) ? source : null;
        if (blob.Length > 0 && blob.Sha256() == digest)
        {
            return new Landed(blob.Promote(), blob.Length, url, 0);
        }

        return blob.Length == 0 && shared.Store.Has(digest) ? new Landed(digest, shared.Store.SizeOf(digest), url, 0) : null;
    }
}

/// <summary>Content that is to land in the store.</summary>
internal sealed record Wanted
{
    /// <summary>What makes it the same download: the digest where it is known, else derived from the URL.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, for messages.</summary>
    public required string Title { get; init; }

    /// <summary>What it must hash to (sha256 or sha512); null when nobody knows.</summary>
    public Digest? Expected { get; init; }

    /// <summary>What to do where it hashes to something else.</summary>
    public string Hint { get; init; } = "either the checksum is of another version, or somebody between here and there changed the content";

    /// <summary>Bytes in all, where a descriptor says so.</summary>
    public long? Size { get; init; }

    /// <summary>Whether the sender is remembered across processes, for If-Range.</summary>
    public bool KeepState { get; init; }

    /// <summary>Whether what an earlier process completed is taken up; not when the content is fetched to see whether it changed.</summary>
    public bool TakeUp { get; init; } = true;

    /// <summary>
    /// What another process entered into the cache manifest while this one waited for it, or null. Only needed where the id does not name
    /// the blob, so that looking for the blob does not find it.
    /// </summary>
    public Func<Landed?>? Entered { get; init; }

    public required ITransferProgress Progress { get; init; }
}

/// <summary>Content that is in the store.</summary>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Url">Who sent it; null when it was there.</param>
/// <param name="BytesReceived">Bytes that this call moved.</param>
internal sealed record Landed(Digest Digest, long Size, Uri? Url, long BytesReceived);
