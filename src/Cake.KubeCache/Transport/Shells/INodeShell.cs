namespace Cake.KubeCache.Transport.Shells;

/// <summary>A way to run POSIX shell scripts on one node, as the user that the inventory wants (root, mostly).</summary>
internal interface INodeShell : IAsyncDisposable
{
    /// <summary>
    /// Runs a script with <c>/bin/sh</c> and waits for its end. Any number of scripts may run at once on one shell.
    /// </summary>
    /// <returns>Exit code and what was printed; a code other than 0 is a result, not an exception.</returns>
    /// <exception cref="Model.KubeCacheException">
    /// The connection broke (<see cref="Model.ErrorKind.Reconnect"/>) or root could not be got (<see cref="Model.ErrorKind.GiveUp"/>).
    /// </exception>
    Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken);

    /// <summary>How other nodes reach this one; null where they cannot, or where what it proved itself with cannot be passed on.</summary>
    PeerAddress? Peer => null;

    /// <summary>How long a message to the node and its answer take, measured once; zero for this machine.</summary>
    ValueTask<TimeSpan> RoundTripAsync(CancellationToken cancellationToken);
}
