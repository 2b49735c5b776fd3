using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Build.Upstream.Archives;

/// <summary>Bytes that look random, do not compress and are the same on every machine: SHA-256 of a name and a counter.</summary>
internal static class Noise
{
    /// <summary>Makes <paramref name="length"/> bytes out of a name.</summary>
    public static byte[] Named(string name, int length)
    {
        var noise = new byte[length];
        Span<byte> seed = stackalloc byte[SHA256.HashSizeInBytes + sizeof(int)];
        Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), seed);
        for (var at = 0; at < length; at += block.Length)
        {
            BinaryPrimitives.WriteInt32LittleEndian(seed[SHA256.HashSizeInBytes..], at);
            SHA256.HashData(seed, block);
            block[..Math.Min(block.Length, length - at)].CopyTo(noise.AsSpan(at));
        }

        return noise;
    }
}
