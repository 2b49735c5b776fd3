namespace Cake.KubeCache.Model;

/// <summary>
/// What a running transfer tells about itself. Implementations are cheap and may be called from any thread, many times a second.
/// </summary>
public interface ITransferProgress
{
    /// <summary>More bytes went over the wire.</summary>
    void Advance(long bytes);

    /// <summary>How many bytes there will be in all became known, or changed.</summary>
    void Expect(long bytes);

    /// <summary>One line about what is going on, such as a retry.</summary>
    void Say(string line);
}

/// <summary>A progress that nobody watches.</summary>
public sealed class NoProgress : ITransferProgress
{
    /// <summary>The one instance.</summary>
    public static NoProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Advance(long bytes)
    {
    }

    /// <inheritdoc/>
    public void Expect(long bytes)
    {
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
    }
}
