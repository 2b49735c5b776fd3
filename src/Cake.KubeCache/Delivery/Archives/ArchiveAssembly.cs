using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Archives;

/// <summary>
/// How an image archive is put together on a node: first the tar members that other archives there have, copied as they are
/// (header, content and padding are the same for the same blob), then what is sent.
/// </summary>
internal sealed class ArchiveAssembly
{
    /// <summary>Decides what is copied and what is sent.</summary>
    /// <param name="push">The image.</param>
    /// <param name="there">Blobs in other archives.</param>
    /// <param name="spooled">Blobs in files of their own.</param>
    public ArchiveAssembly(ImagePush push, IReadOnlyDictionary<string, ArchivedBlob> there, IReadOnlyDictionary<Digest, string> spooled)
    {
        var all = new ImageArchive(push, new HashSet<Digest>()).Members.Where(m => m.Digest is not null).ToList();
        var reused = all.Where(m => there.TryGetValue(m.Digest!.Value.Hex, out var known) && known.Length == ImageArchive.MemberLength(m)).ToList();
        Copies = [.. reused.Select(m => there[m.Digest!.Value.Hex])];
        var put = SpooledMembers.Members(push, spooled).ToList();
        Sent = new ImageArchive(push, reused.Concat(put).Select(m => m.Digest!.Value).ToHashSet());
        var offset = 0L;
        var blobs = new List<PlacedBlob>();
        foreach (var member in reused.Concat(put).Concat(Sent.Members))
        {
            var length = ImageArchive.MemberLength(member);
            if (member.Digest is { } digest)
            {
                blobs.Add(new PlacedBlob(digest, offset, length, member.Size));
            }

            offset += length;
        }

        Blobs = blobs;
        Length = Copies.Sum(c => c.Length) + put.Sum(ImageArchive.MemberLength) + Sent.Length;
    }

    /// <summary>Ranges of other archives, in order.</summary>
    public IReadOnlyList<ArchivedBlob> Copies { get; }

    /// <summary>What is sent after them: the rest of the archive with its end.</summary>
    public ImageArchive Sent { get; }

    /// <summary>Every blob where it will be in the new archive.</summary>
    public IReadOnlyList<PlacedBlob> Blobs { get; }

    /// <summary>Bytes of the new archive.</summary>
    public long Length { get; }
}

/// <summary>A blob's place in an archive.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Offset">Where its tar member begins.</param>
/// <param name="Length">Length of the member.</param>
/// <param name="Size">Bytes of the blob.</param>
internal sealed record PlacedBlob(Digest Digest, long Offset, long Length, long Size);
