using System.Diagnostics.CodeAnalysis;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>
/// How many sessions a connection may have open at once. sshd tells its <c>MaxSessions</c> (sshd_config(5)) only by refusing one more, so the number
/// is learnt: each refusal takes a place away.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Others may still wait for a place when the connection is given up, and have to learn that it broke.")]
internal sealed class SessionPlaces
{
    /// <summary>sshd allows ten where its administrator says nothing; two are left for asking whether the connection lives.</summary>
    private const int Most = 8;

    /// <summary>A session that just ended may still count at the other side.</summary>
    private const int Patience = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _free = new(Most);
    private readonly Lock _lock = new();
    private int _places = Most;
    private int _lasting;

    /// <summary>Runs a session when there is a place for it, and again in fewer places when it is refused.</summary>
    /// <param name="session">Opens a session and runs to its end.</param>
    /// <param name="lasting">Whether it stays open while others work: it takes nobody's turn.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SessionRefusedException">Refused though no other is open.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> session, bool lasting, CancellationToken cancellationToken)
    {
        Count(lasting ? 1 : 0);
        try
        {
            for (var refusals = 0; ; refusals++)
            {
                await _free.WaitAsync(cancellationToken);
                var gone = false;
                try
                {
                    return await session();
                }
                catch (SessionRefusedException) when ((gone = OneFewer()) || refusals < Patience)
                {
                    await Task.Delay(gone ? TimeSpan.Zero : Pause, cancellationToken);
                }
                finally
                {
                    if (!gone)
                    {
                        _free.Release();
                    }
                }
            }
        }
        finally
        {
            Count(lasting ? -1 : 0);
        }
    }

    private void Count(int lasting)
    {
        lock (_lock)
        {
            _lasting += lasting;
        }
    }

    private bool OneFewer()
    {
        lock (_lock)
        {
            // A lasting session frees its place for nobody: beside it there has to be another.
            if (_places <= _lasting + 1)
            {
                return false;
            }

            _places--;
            return true;
        }
    }
}

/// <summary>The other side of a connection that works opens no further session.</summary>
internal sealed class SessionRefusedException(Exception inner) : Exception("no session was opened: is MaxSessions of sshd_config large enough?", inner);
