using System.Buffers.Binary;
using System.IO.Hashing;

namespace Build.Upstream.Archives;

/// <summary>
/// Gzip (RFC 1952) with stored blocks (RFC 1951, 3.2.4). What a deflate library makes of the same input changes between its
/// versions; the recipe pins checksums, so the bytes must not.
/// </summary>
internal static class StoredGzip
{
    private const int LargestBlock = ushort.MaxValue;

    // Magic, method "deflate", no flags, no time, no extra flags, unknown operating system.
    private static readonly byte[] Header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream(content.Length + 64);
        output.Write(Header);
        var rest = content;
        Span<byte> head = stackalloc byte[5];
        do
        {
            var block = rest[..Math.Min(rest.Length, LargestBlock)];
            rest = rest[block.Length..];
            head[0] = rest.IsEmpty ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)block.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~block.Length);
            output.Write(head);
            output.Write(block);
        }
        while (!rest.IsEmpty);

        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
        output.Write(trailer);
        return output.ToArray();
    }
}
