using Cake.KubeCache.Model;

namespace Cake.KubeCache.Sources.Archives;

/// <summary>An OCI image layout (image-layout.md), also as containerd, buildkit, podman and newer Dockers write it.</summary>
internal sealed class OciLayoutFormat : IArchiveFormat
{
    /// <summary>The full reference, as containerd notes it.</summary>
    private const string ContainerdName = "io.containerd.image.name";
    private const string RefName = "org.opencontainers.image.ref.name";

    private readonly string _title;
    private readonly IArchiveFiles _files;
    private readonly IReadOnlyList<OciDescriptor> _entries;

    private OciLayoutFormat(string title, IArchiveFiles files, IReadOnlyList<OciDescriptor> entries) => (_title, _files, _entries) = (title, files, entries);

    /// <summary>Reads the index; null when there is none.</summary>
    public static async Task<OciLayoutFormat?> OpenAsync(string title, IArchiveFiles files, CancellationToken cancellationToken)
    {
        await using var index = files.Open("index.json");
        return index is null
            ? null
            : new OciLayoutFormat(title, files, OciReader.ReadManifest(await ArchiveJson.ReadAsync(index, OciReader.MaxManifestBytes, title, cancellationToken).ConfigureAwait(false), title).Manifests ?? []);
    }

    /// <inheritdoc/>
    public async Task<ManifestAnswer?> FindAsync(ImageArtifact image, CancellationToken cancellationToken)
    {
        foreach (var entry in _entries.Where(e => Names(e, image.Reference)))
        {
            var descriptor = OciReader.Check(entry, "manifest", _title);
            if (await ReadAsync(descriptor, cancellationToken).ConfigureAwait(false) is { } answer && await ServesAsync(answer, image.Platform, cancellationToken).ConfigureAwait(false))
            {
                return answer;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Names(ImageReference reference) => _entries
        .SelectMany(e => new[] { e.Annotations?.GetValueOrDefault(ContainerdName), e.Annotations?.GetValueOrDefault(RefName) })
        .Any(n => n is not null && n.Contains('/') && ImageReference.TryParse(n, out var named, out _) && named.Name == reference.Name && (reference.Tag is null || named.Tag == reference.Tag));

    /// <inheritdoc/>
    public Stream? Open(Digest digest) => _files.Open($"blobs/{digest.Algorithm}/{digest.Hex}");

    private bool Names(OciDescriptor entry, ImageReference reference)
    {
        if (reference.Digest is { } digest)
        {
            return entry.Digest == digest.ToString();
        }

        var names = new[] { entry.Annotations?.GetValueOrDefault(ContainerdName), entry.Annotations?.GetValueOrDefault(RefName) };
        return names.Any(n => n is not null && ImageReference.TryParse(n, out var named, out _) && named.Familiar == reference.Familiar && n.Contains('/'))
            || (_entries.Count == 1 && names[0] is null && names[1] == reference.Tag);
    }

    private async Task<ManifestAnswer?> ReadAsync(BlobDescriptor descriptor, CancellationToken cancellationToken)
    {
        await using var content = Open(descriptor.Digest);
        return content is null ? null : ManifestAnswers.Of(await ArchiveJson.ReadAsync(content, OciReader.MaxManifestBytes, _title, cancellationToken).ConfigureAwait(false), descriptor.MediaType, descriptor.Digest, _title);
    }

    private async Task<bool> ServesAsync(ManifestAnswer answer, Platform platform, CancellationToken cancellationToken)
    {
        var document = OciReader.ReadManifest(answer.Bytes, _title);
        if (MediaTypes.IsIndex(answer.MediaType))
        {
            // docker and containerd save the index of all platforms with the content of one.
            return PlatformChoice.Choose(document.Manifests ?? [], platform) is { } chosen && Holds(OciReader.Check(chosen, "entry", _title).Digest);
        }

        await using var content = Open(OciReader.Check(document.Config, "config", _title).Digest);
        var config = content is null ? null : OciReader.ReadConfig(await ArchiveJson.ReadAsync(content, OciReader.MaxConfigBytes, _title, cancellationToken).ConfigureAwait(false), _title);
        return config?.Os == platform.Os && config.Architecture == platform.Architecture;
    }

    private bool Holds(Digest digest)
    {
        using var content = Open(digest);
        return content is not null;
    }
}
