using System.Text;

namespace Cake.KubeCache.Model;

/// <summary>What the caller can do about an error. Decisions are made on this, never on message text.</summary>
public enum ErrorKind
{
    /// <summary>The input is wrong (inventory, catalogue, argument): exit code 2, nothing was started.</summary>
    Input,

    /// <summary>The same may work in a while (server error, timeout, stall).</summary>
    Retry,

    /// <summary>The connection to a node broke; connecting again may help.</summary>
    Reconnect,

    /// <summary>It will not work by trying again: wrong checksum, 404, permission denied, disk full.</summary>
    GiveUp,

    /// <summary>Nothing failed: nodes are not as planned, which is what was asked. Exit code 3.</summary>
    Drift,
}

/// <summary>The one exception of this library: what was attempted, on what, what was got, what was expected, and a hint.</summary>
public sealed class KubeCacheException : Exception
{
    /// <summary>Makes an error from its parts.</summary>
    public KubeCacheException(ErrorKind kind, Fault fault, Exception? inner = null)
        : this(kind, [fault], inner)
    {
    }

    /// <summary>Makes an error of several faults of one input.</summary>
    public KubeCacheException(ErrorKind kind, IReadOnlyList<Fault> faults, Exception? inner = null)
        : base(Compose(faults), inner) => (Kind, Faults) = (kind, faults);

    /// <summary>What the caller can do.</summary>
    public ErrorKind Kind { get; }

    /// <summary>All faults, at least one.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>How long the server asked to be left alone (<c>Retry-After</c>), for errors of kind <see cref="ErrorKind.Retry"/>; else null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Exit code of a process that ends with this error: 2 for wrong input, 3 for nodes that are not as planned, else 1.</summary>
    public int ExitCode => Kind switch { ErrorKind.Input => 2, ErrorKind.Drift => 3, _ => 1 };

    private static string Compose(IReadOnlyList<Fault> faults)
    {
        var text = new StringBuilder();
        if (faults.Count > 1)
        {
            text.Append(faults.Count).Append(" faults:\n");
        }

        return text.AppendJoin('\n', faults.Select(f => f.ToString())).ToString();
    }
}
