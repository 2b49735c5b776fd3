using System.Globalization;
using Cake.KubeCache.Delivery.Downloads;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Neighbours;

/// <summary>A content's way from one node to the next: sent by the one that has it, verified by the one that takes it.</summary>
internal static class NeighbourPass
{
    /// <summary>Sends a content of the spool to a neighbour.</summary>
    /// <exception cref="KubeCacheException">The neighbour was not reached, or did not take it (<see cref="ErrorKind.GiveUp"/>); or as the shell says.</exception>
    public static async Task SendAsync(Func<ShellCommand, CancellationToken, Task<ShellResult>> run, NodePaths paths, Digest digest, NeighbourLease from, NeighbourLease to, CancellationToken cancellationToken)
    {
        (string, string)[] variables =
        [
            ("kc_agent", from.Agent),
            ("kc_from", Spool.PathOf(paths, Spool.NameOf(digest))),
            ("kc_hex", digest.Hex),
            ("kc_host", to.Address.Host),
            ("kc_port", to.Address.Port.ToString(CultureInfo.InvariantCulture)),
            ("kc_login", to.Address.User),
            ("kc_hostkey", to.Address.HostKey),
        ];
        var result = await run(new ShellCommand(NodeScript.Of(paths, variables, "neighbour-pass")), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of($"{digest} was not passed on to {to.Address.Host}", result);
        }
    }

    /// <summary>Takes what came into the spool.</summary>
    /// <exception cref="KubeCacheException">It is not what it should be (<see cref="ErrorKind.Retry"/>); or as the shell says.</exception>
    public static async Task TakeAsync(Func<ShellCommand, CancellationToken, Task<ShellResult>> run, NodePaths paths, Digest digest, NeighbourLease lease, CancellationToken cancellationToken)
    {
        (string, string)[] variables = [("kc_from", $"{lease.Inbox}/{digest.Hex}"), ("kc_to", Spool.PathOf(paths, Spool.NameOf(digest))), ("kc_sha", digest.Hex)];
        var result = await run(new ShellCommand(NodeScript.Of(paths, variables, "neighbour-take")), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of($"{digest} did not come whole", result);
        }
    }
}
