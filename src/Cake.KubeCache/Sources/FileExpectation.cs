using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>What a file must hash to: its item says so, or a checksum list, or a lock file.</summary>
internal sealed class FileExpectation(FetchSession session, ITransferProgress progress)
{
    /// <summary>The digest by which the content is judged; null where nobody knows one and the settings allow that.</summary>
    /// <exception cref="KubeCacheException">There is none (<see cref="ErrorKind.Input"/>), or its list cannot be had.</exception>
    public async Task<Digest?> OfAsync(FileArtifact file, CancellationToken cancellationToken)
    {
        switch (file.Checksum)
        {
            case Checksum.Known known:
                return known.Digest;
            case Checksum.Listed listed:
                return await new ChecksumLists(session, new FileServer(session), progress).FindAsync(file, listed, cancellationToken).ConfigureAwait(false);
            case null when file.Locked is { } locked:
                return locked;
            default:
                return session.Settings.AllowUnverified || session.Shared.Settings.Locking
                    ? null
                    : throw new KubeCacheException(ErrorKind.Input, new Fault($"{file.Name} has no checksum, so nobody could tell whether the right file came")
                    {
                        Where = new SourcePosition(UrlText.Of(file.Url)),
                        Expected = $"{file.Name}_checksum: sha256:<hex>, or sha256:<URL of a checksum list>",
                        Hint = $"set {file.Name}_checksum; or run --target=Lock, which takes what comes once and holds to it from then on; or set kubecache_allow_unverified: true",
                    });
        }
    }
}
