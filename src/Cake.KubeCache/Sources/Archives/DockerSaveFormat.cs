using System.Security.Cryptography;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>
/// What <c>docker save</c> wrote before it wrote image layouts: a config and layer tars, without a manifest and its digest. The
/// manifest is made here; equal archives give equal manifests.
/// </summary>
internal sealed class DockerSaveFormat : IArchiveFormat
{
    private readonly string _title;
    private readonly IArchiveFiles _files;
    private readonly IReadOnlyList<DockerSaveImage> _images;
    private readonly Dictionary<Digest, string> _names = [];

    private DockerSaveFormat(string title, IArchiveFiles files, IReadOnlyList<DockerSaveImage> images) => (_title, _files, _images) = (title, files, images);

    /// <summary>Reads <c>manifest.json</c>; null when there is none.</summary>
    /// <exception cref="KubeCacheException">It is no such JSON (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<DockerSaveFormat?> OpenAsync(string title, IArchiveFiles files, CancellationToken cancellationToken)
    {
        await using var content = files.Open("manifest.json");
        if (content is null)
        {
            return null;
        }

        try
        {
            var bytes = await ArchiveJson.ReadAsync(content, OciReader.MaxManifestBytes, title, cancellationToken).ConfigureAwait(false);
            return new DockerSaveFormat(title, files, JsonSerializer.Deserialize(bytes, ArchiveJson.Default.ListDockerSaveImage) ?? []);
        }
        catch (JsonException e)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the manifest.json of an image archive cannot be read") { Where = new SourcePosition(title), Got = e.Message }, e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A reference with a digest is never found: the digest of the registry's manifest is lost in such an archive.</remarks>
    public async Task<ManifestAnswer?> FindAsync(ImageArtifact image, CancellationToken cancellationToken)
    {
        var found = image.Reference.Digest is null
            ? _images.FirstOrDefault(i => (i.RepoTags ?? []).Any(t => ImageReference.TryParse(t, out var named, out _) && named == image.Reference))
            : null;
        if (found?.Config is not { } configName)
        {
            return null;
        }

        await using var content = Need(configName);
        var bytes = await ArchiveJson.ReadAsync(content, OciReader.MaxConfigBytes, _title, cancellationToken).ConfigureAwait(false);
        var config = OciReader.ReadConfig(bytes, _title);
        if (config.Os != image.Platform.Os || config.Architecture != image.Platform.Architecture)
        {
            return null;
        }

        var layers = new List<OciDescriptor>();
        foreach (var layer in found.Layers ?? [])
        {
            layers.Add(await DescribeAsync(layer, cancellationToken).ConfigureAwait(false));
        }

        var digest = Digest.Sha256(SHA256.HashData(bytes));
        Remember(digest, configName);
        var manifest = new OciManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new OciDescriptor { MediaType = MediaTypes.OciConfig, Digest = digest.ToString(), Size = bytes.Length },
            Layers = layers,
        };
        return ManifestAnswers.Of(JsonSerializer.SerializeToUtf8Bytes(manifest, OciJson.Default.OciManifestDocument), null, null, _title);
    }

    /// <inheritdoc/>
    public bool Names(ImageReference reference) =>
        _images.Any(i => (i.RepoTags ?? []).Any(t => ImageReference.TryParse(t, out var named, out _) && named.Name == reference.Name && (reference.Tag is null || named.Tag == reference.Tag)));

    /// <inheritdoc/>
    public Stream? Open(Digest digest)
    {
        lock (_names)
        {
            return _names.TryGetValue(digest, out var name) ? _files.Open(name) : null;
        }
    }

    private async Task<OciDescriptor> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        await using var content = Need(name);
        var digest = Digest.Sha256(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        Remember(digest, name);
        content.Position = 0;
        var zipped = content.ReadByte() == 0x1f && content.ReadByte() == 0x8b;
        return new OciDescriptor { MediaType = zipped ? MediaTypes.OciLayerGzip : MediaTypes.OciLayerTar, Digest = digest.ToString(), Size = content.Length };
    }

    private void Remember(Digest digest, string name)
    {
        lock (_names)
        {
            _names[digest] = name;
        }
    }

    private Stream Need(string name) => _files.Open(name) ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault("an image archive lacks a file that its manifest.json names") { Where = new SourcePosition(_title), Expected = name });
}
