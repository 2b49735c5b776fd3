using System.Collections.Concurrent;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>Archives that were opened in this run: each is read once, whatever number of images is taken from it.</summary>
internal sealed class OpenArchives(StoreLayout layout) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ImageArchive>>> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<ImageArchive> _kept = [];

    /// <summary>Opens an archive, or gives the one that is open.</summary>
    public Task<ImageArchive> OpenAsync(string path, CancellationToken cancellationToken) =>
        _open.GetOrAdd(Path.GetFullPath(path), p => new Lazy<Task<ImageArchive>>(() => OpenAndKeepAsync(p))).Value.WaitAsync(cancellationToken);

    /// <summary>Keeps an archive open until the end of the run.</summary>
    public void Keep(ImageArchive archive) => _kept.Add(archive);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var archive in _kept)
        {
            archive.Dispose();
        }
    }

    private async Task<ImageArchive> OpenAndKeepAsync(string path)
    {
        var archive = await ImageArchive.OpenAsync(path, layout, CancellationToken.None).ConfigureAwait(false);
        Keep(archive);
        return archive;
    }
}
