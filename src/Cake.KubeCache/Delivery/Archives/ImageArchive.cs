using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Archives;

/// <summary>
/// An image as a tar that all runtimes read: an OCI image layout (image-spec 1.1, image-layout.md) that also has the
/// <c>manifest.json</c> of <c>docker save</c>, pointing at the same blobs. Blobs that the node has can be left out.
/// </summary>
/// <remarks>It is written as it is sent; nothing is held but its few small files. Equal input makes equal bytes.</remarks>
internal sealed class ImageArchive
{
    private const int Block = 512;

    /// <summary>Lays the archive out.</summary>
    /// <param name="push">The image.</param>
    /// <param name="omitted">Digests of blobs that are left out.</param>
    public ImageArchive(ImagePush push, IReadOnlySet<Digest> omitted)
    {
        var content = push.Content;
        var manifest = new BlobDescriptor(content.MediaType, push.Stored.Digest, content.ManifestSize);
        var small = new (string Name, string Text)[]
        {
            ("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""),
            ("index.json", Index(push, manifest)),
            ("manifest.json", DockerManifest(push)),
        };
        Members = [
            .. small.Select(f => new ArchiveMember(f.Name, Encoding.UTF8.GetByteCount(f.Text), null, Encoding.UTF8.GetBytes(f.Text))),
            .. content.Layers.Select(l => l.Blob).Prepend(content.Config).Prepend(manifest).DistinctBy(b => b.Digest)
                .Where(b => !omitted.Contains(b.Digest))
                .Select(b => new ArchiveMember(BlobPath(b.Digest), b.Size, b.Digest, null)),
        ];
    }

    /// <summary>What is in it, in order.</summary>
    public IReadOnlyList<ArchiveMember> Members { get; }

    /// <summary>Bytes of the tar.</summary>
    public long Length => Members.Sum(MemberLength) + (2 * Block);

    /// <summary>Bytes of one member with its header and padding.</summary>
    public static long MemberLength(ArchiveMember member) => Block + ((member.Size + Block - 1) / Block * Block);

    /// <summary>Bytes before a member's content.</summary>
    public const int HeaderLength = Block;

    /// <summary>Writes the tar.</summary>
    /// <exception cref="KubeCacheException">A blob is not in the source.</exception>
    public async Task WriteAsync(Stream stream, IBlobSource blobs, CancellationToken cancellationToken)
    {
        await using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var member in Members)
        {
            await using var content = member.Digest is { } digest ? blobs.OpenRead(digest) : new MemoryStream(member.Text!, writable: false);
            if (content.Length != member.Size)
            {
                throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the store's blob {member.Digest} has the wrong size")
                {
                    Got = $"{content.Length} bytes",
                    Expected = $"{member.Size} bytes",
                    Hint = "run the target Verify",
                });
            }

            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, member.Name)
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            }, cancellationToken);
        }
    }

    private static string BlobPath(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";

    private static string Index(ImagePush push, BlobDescriptor manifest)
    {
        var platform = push.Artifact.Platform;
        var described = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = platform.Os };
        if (platform.Variant is not null)
        {
            described["variant"] = platform.Variant;
        }

        return new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.index.v1+json",
            ["manifests"] = new JsonArray(new JsonObject
            {
                ["mediaType"] = manifest.MediaType,
                ["digest"] = manifest.Digest.ToString(),
                ["size"] = manifest.Size,
                ["platform"] = described,
                // containerd reads the first, the others the second.
                ["annotations"] = new JsonObject
                {
                    ["io.containerd.image.name"] = push.Reference,
                    ["org.opencontainers.image.ref.name"] = push.Reference,
                },
            }),
        }.ToJsonString();
    }

    private static string DockerManifest(ImagePush push) => JsonSerializer.Serialize(new[]
    {
        new
        {
            Config = BlobPath(push.Content.Config.Digest),
            RepoTags = push.Artifact.Reference.Tag is null ? [] : new[] { push.Reference },
            Layers = push.Content.Layers.Select(l => BlobPath(l.Blob.Digest)),
        },
    });
}

/// <summary>One file in an image archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="Digest">The blob that it is, or null.</param>
/// <param name="Text">Its content where it is no blob.</param>
internal sealed record ArchiveMember(string Name, long Size, Digest? Digest, byte[]? Text);
