using System.Formats.Tar;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>An image archive that is a tar: read once for where its files lie, then opened anywhere, several at once.</summary>
internal sealed class TarFiles : IArchiveFiles
{
    /// <summary>docker save links equal layers to each other; a chain longer than this is a loop.</summary>
    private const int MostLinks = 16;

    private readonly Dictionary<string, (long Offset, long Length)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly bool _temporary;

    private TarFiles(string path, bool temporary) => (_path, _temporary) = (path, temporary);

    /// <summary>Reads the directory of an uncompressed tar.</summary>
    /// <param name="path">The tar.</param>
    /// <param name="temporary">Whether it is removed afterwards.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">It is no tar, or broken off (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<TarFiles> OpenAsync(string path, bool temporary, CancellationToken cancellationToken)
    {
        var files = new TarFiles(path, temporary);
        try
        {
            await using var stream = LocalFiles.Open(path);
            await using var reader = new TarReader(stream);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                files.Add(entry);
            }

            return files;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            files.Dispose();
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("an image archive is no tar, or it breaks off") { Where = new SourcePosition(path), Got = e.Message }, e);
        }
    }

    /// <inheritdoc/>
    public Stream? Open(string name)
    {
        name = Normalize(name);
        for (var links = 0; links < MostLinks && _links.TryGetValue(name, out var target); links++)
        {
            name = target;
        }

        return _files.TryGetValue(name, out var at) ? new FileSection(LocalFiles.Open(_path), at.Offset, at.Length) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_temporary)
        {
            File.Delete(_path);
        }
    }

    private void Add(TarEntry entry)
    {
        var name = Normalize(entry.Name);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile when entry.DataOffset >= 0 || entry.Length == 0:
                _files[name] = (entry.DataOffset, entry.Length);
                break;
            case TarEntryType.SymbolicLink:
                _links[name] = Normalize(Path.Combine(Path.GetDirectoryName(name) ?? "", entry.LinkName));
                break;
            case TarEntryType.HardLink:
                _links[name] = Normalize(entry.LinkName);
                break;
        }
    }

    /// <summary>Resolves "." and ".." inside the archive; nothing outside can be named.</summary>
    private static string Normalize(string name) => Path.GetFullPath("/" + name)[1..];
}
