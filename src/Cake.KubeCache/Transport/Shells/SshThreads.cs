namespace Cake.KubeCache.Transport.Shells;

/// <summary>Threads for the calls of SSH.NET that block.</summary>
/// <remarks>
/// A script's input, output and errors each hold a thread of the pool while they wait for the other side, and the pool of a machine with two
/// processors has two threads to begin with and adds one or two in a second: eight channels that send side by side would send as fast as one.
/// </remarks>
internal static class SshThreads
{
    /// <summary>Three for each of 64 scripts: as many as nodes are connected to at a time, or eight channels to each of eight nodes.</summary>
    private const int AtOnce = 3 * 64;

    private static readonly Lock Gate = new();

    /// <summary>Sees to it that as many may block at once without anybody waiting for a thread. What the process has set higher stays.</summary>
    public static void Provide()
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var completions);
            if (workers < AtOnce)
            {
                ThreadPool.SetMinThreads(AtOnce, completions);
            }
        }
    }
}
