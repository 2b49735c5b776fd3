namespace Cake.KubeCache.Delivery;

/// <summary>Bytes that went over the wire, counted by several channels at once.</summary>
internal sealed class SentBytes
{
    private long _count;

    /// <summary>All of them.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds some.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _count, bytes);
}
