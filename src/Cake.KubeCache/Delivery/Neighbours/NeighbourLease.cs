using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Neighbours;

/// <summary>
/// A node's membership among its neighbours: a script that runs as long as its input is open. What it made on the node goes away with it, also when this
/// process is killed, because its end closes the input.
/// </summary>
internal sealed class NeighbourLease : IAsyncDisposable
{
    private static readonly TimeSpan Joining = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<ShellResult>? _running;

    private NeighbourLease(PeerAddress address) => Address = address;

    /// <summary>Where neighbours log in.</summary>
    public PeerAddress Address { get; }

    /// <summary>The folder on the node that they put contents into.</summary>
    public string Inbox { get; private set; } = "";

    /// <summary>Socket of the agent on the node that has the key; empty where the node has no ssh, and can only take.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>Whether the node is still a member.</summary>
    public bool IsOpen => _running is { IsCompleted: false } && !_closing.Task.IsCompleted;

    /// <summary>Makes a node a member.</summary>
    /// <exception cref="KubeCacheException">It cannot be one (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static async Task<NeighbourLease> OpenAsync(INodeShell shell, NodePaths paths, NeighbourKey key, CancellationToken cancellationToken)
    {
        if (shell.Peer is not { } address || !IsPlain(address.User) || !IsPlain(address.Host))
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault("the node cannot be reached by others as it is reached from here"));
        }

        var lease = new NeighbourLease(address);
        await lease.JoinAsync(shell, paths, key, cancellationToken);
        return lease;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        if (_running is { } running)
        {
            // On a dead connection nothing comes back; the node's sshd ends the script there.
            await Task.WhenAny(running, Task.Delay(Leaving));
        }
    }

    private async Task JoinAsync(INodeShell shell, NodePaths paths, NeighbourKey key, CancellationToken cancellationToken)
    {
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new StringBuilder();
        _running = shell.RunAsync(new ShellCommand(NodeScript.Of(paths, [("kc_login", Address.User), ("kc_public", key.Public)], "neighbour"))
        {
            Lasting = true,
            Input = async (stream, token) =>
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(key.PrivatePem + "\n--\n"), token);
                await stream.FlushAsync(token);
                await _closing.Task.WaitAsync(token);
            },
            Output = (piece, _) =>
            {
                said.Append(Encoding.UTF8.GetString(piece.Span));
                if (said.ToString().Split('\n') is [var line, _, ..] && line.Split('\t') is [_, var inbox, var agent])
                {
                    (Inbox, Agent) = (inbox, agent);
                    joined.TrySetResult();
                }

                return ValueTask.CompletedTask;
            },
        }, CancellationToken.None);
        try
        {
            await Task.WhenAny(joined.Task, _running).WaitAsync(Joining, cancellationToken);
        }
        catch
        {
            _closing.TrySetResult();
            throw;
        }

        if (!joined.Task.IsCompleted)
        {
            throw ScriptFailure.Of("the node cannot join its neighbours", await _running);
        }
    }

    /// <summary>Whether a name means itself to ssh and to every shell.</summary>
    private static bool IsPlain(string name) => name.Length > 0 && name[0] != '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '%');
}
