using Shouldly;

namespace Cake.KubeCache.Testing;

/// <summary>Contents of megabytes, compared at once: byte by byte through an enumerator takes most of a second.</summary>
internal static class ByteAssertions
{
    public static void ShouldBeBytes(this byte[] actual, byte[] expected)
    {
        var same = actual.AsSpan().CommonPrefixLength(expected);
        actual.Length.ShouldBe(expected.Length, $"{same} bytes are the same");
        same.ShouldBe(expected.Length, "bytes are the same");
    }
}
