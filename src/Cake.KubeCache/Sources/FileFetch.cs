using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>Fetches one file: checksum, then the URL and its mirrors in order, then the entry in the cache manifest.</summary>
internal sealed class FileFetch(FetchSession session, ITransferProgress progress)
{
    private readonly FileServer _server = new(session);
    private readonly FileExpectation _expectation = new(session, progress);

    /// <summary>Fetches the file.</summary>
    /// <param name="file">What to fetch.</param>
    /// <param name="known">What the store has of it when it is fetched anew, else null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FetchOutcome> FetchAsync(FileArtifact file, CacheEntry? known, CancellationToken cancellationToken)
    {
        var expected = await _expectation.OfAsync(file, cancellationToken).ConfigureAwait(false);
        var wanted = new Wanted
        {
            Id = Id(file, expected),
            Title = file.Title,
            Expected = expected,
            KeepState = true,
            TakeUp = known is null,
            Entered = known is null ? () => Entered(file) : null,
            Progress = progress,
        };
        if (file is { Checksum: null, Locked: not null })
        {
            wanted = wanted with { Hint = "the file has no checksum, and this is not what the lock file says; if that is meant, run --target=Lock" };
        }

        return await Pruned.AgainAsync(async () =>
        {
            var landed = await LandAsync(file, wanted, cancellationToken).ConfigureAwait(false);
            return await EnterAsync(new Arrival(file, known, wanted, landed), cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Enters a file that comes from elsewhere than its URL, such as a node that downloaded it.</summary>
    /// <param name="file">What it is.</param>
    /// <param name="digest">What it must hash to.</param>
    /// <param name="receive">Receives it into the sink.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<FetchOutcome> TakeAsync(FileArtifact file, Digest digest, Func<LandingSink, CancellationToken, Task<BodyReceipt>> receive, CancellationToken cancellationToken)
    {
        var wanted = new Wanted { Id = Id(file, digest), Title = file.Title, Expected = digest, Progress = progress };
        return Pruned.AgainAsync(async () =>
        {
            var landed = await new Landing(session.Shared).LandAsync(wanted, (sink, token) => Landing.ReceiveAsync(wanted, sink, () => receive(sink, token)), cancellationToken).ConfigureAwait(false);
            return await EnterAsync(new Arrival(file, null, wanted, landed), cancellationToken).ConfigureAwait(false);
        });
    }

    private Task<Landed> LandAsync(FileArtifact file, Wanted wanted, CancellationToken cancellationToken) => new Landing(session.Shared).LandAsync(
        wanted,
        (sink, began) => session.Rounds.RunAsync<string, BodyReceipt>(Places(file, wanted), (url, token) => _server.ReceiveAsync(new FileRequest(file, url, wanted), sink, token), progress.Say, began),
        cancellationToken);

    private Landed? Entered(FileArtifact file) => session.Store.Find(file.ContentKey) is { } entry
        ? new Landed(Digest.Parse(entry.Digest), entry.Size, Uri.TryCreate(entry.Source, UriKind.Absolute, out var url) ? url : null, 0)
        : null;

    private IReadOnlyList<string> Places(FileArtifact file, Wanted wanted)
    {
        var places = file.Mirrors.Prepend(file.Url);
        if (wanted.Expected is not null && session.Shared.Settings.KubesprayCache is { } cache && KubesprayCache.FileOf(cache, file) is { } cached)
        {
            places = places.Prepend(new Uri(Path.GetFullPath(cached)).AbsoluteUri);
        }

        return [.. places.Distinct()];
    }

    /// <summary>What makes it the same download as another.</summary>
    public static string Id(FileArtifact file, Digest? expected) => expected switch
    {
        { Algorithm: "sha256" } digest => digest.Hex,
        { } digest => $"sha512-{digest.Hex[..64]}",
        null => "url-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Url))),
    };

    /// <summary>Null when the content was pruned before it could be entered.</summary>
    private async Task<FetchOutcome?> EnterAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        var (file, landed) = (arrival.File, arrival.Landed);
        session.Store.Put(FileArtifactManifest.EmptyConfig);
        var manifest = FileArtifactManifest.Bytes(landed.Digest, landed.Size, file.Title);
        var entry = new CacheEntry
        {
            Name = file.Name,
            Digest = landed.Digest.ToString(),
            Size = landed.Size,
            Source = UrlText.Of(landed.Url?.ToString() ?? file.Url),
            FetchedAt = DateTimeOffset.UtcNow,
            File = new FileEntry
            {
                Url = UrlText.WithoutCredentials(file.Url),
                Title = file.Title,
                Manifest = session.Store.Put(manifest).ToString(),
                ManifestSize = manifest.Length,
                Unverified = arrival.Wanted.Expected is null,
            },
        };
        var stored = await session.Store.CommitAsync(file.ContentKey, entry, cancellationToken).ConfigureAwait(false);
        PartialBlob.Clear(session.Store.Layout, arrival.Wanted.Id);
        return stored is null ? null : new FetchOutcome { Stored = stored, BytesReceived = landed.BytesReceived, Notes = [.. arrival.Notes()] };
    }

    /// <summary>A file that came, with what was known of it before.</summary>
    private sealed record Arrival(FileArtifact File, CacheEntry? Known, Wanted Wanted, Landed Landed)
    {
        public IEnumerable<string> Notes()
        {
            if (Wanted.Expected is null)
            {
                yield return $"no checksum: taken on trust and locked to {Landed.Digest}";
            }

            if (Known is not null && Known.Digest != Landed.Digest.ToString())
            {
                yield return $"the content changed: {Known.Digest} became {Landed.Digest}";
            }
        }
    }
}
