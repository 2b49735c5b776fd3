using System.IO.Compression;
using Cake.KubeCache.Model;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>
/// An image archive on disk: an OCI image layout (image-layout.md) or what <c>docker save</c> writes, as a tar (also gzipped) or a
/// folder. Archives that are both are read as OCI, because that keeps the digests.
/// </summary>
internal sealed class ImageArchive : IDisposable
{
    private readonly IArchiveFiles _files;
    private readonly IArchiveFormat _format;

    private ImageArchive(string title, IArchiveFiles files, IArchiveFormat format) => (Title, _files, _format) = (title, files, format);

    /// <summary>Its path, or whose answer it is.</summary>
    public string Title { get; }

    /// <summary>Opens an archive.</summary>
    /// <param name="path">A tar, a gzipped tar or a folder.</param>
    /// <param name="layout">The store, where a compressed tar is unpacked for the time being.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubeCacheException">It is missing or no image archive (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<ImageArchive> OpenAsync(string path, StoreLayout layout, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return await OpenAsync(path, new DirectoryFiles(path), cancellationToken).ConfigureAwait(false);
        }

        if (!IsGzip(path))
        {
            return await OpenAsync(path, await TarFiles.OpenAsync(path, temporary: false, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }

        await using var file = LocalFiles.Open(path);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return await OpenAsync(path, unzipped, layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens an archive that comes as a stream of an uncompressed tar; it is kept in a temporary file until this is disposed.</summary>
    public static async Task<ImageArchive> OpenAsync(string title, Stream tar, StoreLayout layout, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(layout.Partials);
        var path = Path.Combine(layout.Partials, $".archive.{Guid.NewGuid():N}");
        try
        {
            await using (var copy = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await tar.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            }

            return await OpenAsync(title, await TarFiles.OpenAsync(path, temporary: true, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            File.Delete(path);
            if (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw AtomicFile.Explain(e, $"the image archive {title} could not be unpacked into the cache", layout.Root);
            }

            throw;
        }
    }

    /// <summary>The image as an origin; null when the archive does not have it for the platform.</summary>
    public async Task<IImageOrigin?> FindAsync(ImageArtifact image, CancellationToken cancellationToken) =>
        await _format.FindAsync(image, cancellationToken).ConfigureAwait(false) is { } root ? new ArchiveOrigin(Title, root, _format) : null;

    /// <summary>Whether it has an image of that name, whatever its digest.</summary>
    public bool Names(ImageReference reference) => _format.Names(reference);

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private static async Task<ImageArchive> OpenAsync(string title, IArchiveFiles files, CancellationToken cancellationToken)
    {
        try
        {
            IArchiveFormat? format = await OciLayoutFormat.OpenAsync(title, files, cancellationToken).ConfigureAwait(false);
            format ??= await DockerSaveFormat.OpenAsync(title, files, cancellationToken).ConfigureAwait(false);
            return new ImageArchive(title, files, format ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault("an image archive has neither an index.json nor a manifest.json")
            {
                Where = new SourcePosition(title),
                Expected = "an OCI image layout, or what docker save writes",
            }));
        }
        catch (Exception)
        {
            files.Dispose();
            throw;
        }
    }

    private static bool IsGzip(string path)
    {
        using var file = LocalFiles.Open(path);
        return file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
    }
}
