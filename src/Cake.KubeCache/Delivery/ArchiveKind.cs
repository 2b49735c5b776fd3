using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery;

/// <summary>Tells what kind of archive a file is by its first bytes; names lie.</summary>
internal static class ArchiveKind
{
    /// <summary>Bytes that tell.</summary>
    public const int HeadLength = 512;

    /// <summary><c>tar</c>, <c>tar.gz</c>, <c>tar.zst</c>, <c>tar.xz</c>, <c>tar.bz2</c> or <c>zip</c>.</summary>
    /// <exception cref="KubeCacheException">None of them (<see cref="ErrorKind.GiveUp"/>).</exception>
    /// <param name="push">The file.</param>
    /// <param name="head">Its first bytes: <see cref="HeadLength"/> of them, or all.</param>
    public static string Detect(FilePush push, ReadOnlySpan<byte> head) =>
        Of(head) ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{push.Artifact.Name} is to be unpacked on {push.Node}, but is no archive of a known kind")
        {
            Got = $"{push.Artifact.Title}, which begins with the bytes {Convert.ToHexStringLower(head[..Math.Min(8, head.Length)])}",
            Expected = "tar, tar.gz (tgz), tar.zst, tar.xz, tar.bz2 or zip",
            Hint = "set unarchive to false for this item",
        });

    private static string? Of(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, ..] => "tar.gz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "tar.zst",
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "tar.xz",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "tar.bz2",
        [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => "zip",
        _ => head.Length >= 262 && head[257..262].SequenceEqual("ustar"u8) ? "tar" : null,
    };
}
