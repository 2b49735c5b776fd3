using System.Runtime.InteropServices;

namespace Cake.KubeCache.Execution;

/// <summary>
/// Turns the first SIGINT or SIGTERM into a cancellation; a second one ends the process, as it would without us.
/// Cake itself has no handling of Ctrl-C.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<PosixSignal> _announce;

    /// <summary>Listens until disposed.</summary>
    /// <param name="announce">Told of the first signal, before the cancellation.</param>
    /// <param name="cancellationToken">Another reason to stop.</param>
    public StopSignals(Action<PosixSignal> announce, CancellationToken cancellationToken)
    {
        _announce = announce;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        context.Cancel = true;
        _announce(context.Signal);
        _stop.Cancel();
    }
}
