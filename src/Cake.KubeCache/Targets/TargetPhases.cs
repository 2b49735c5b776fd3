using Cake.KubeCache.Presentation.Ci;

namespace Cake.KubeCache.Targets;

/// <summary>
/// Folds the log of consecutive tasks of one phase into a group of the CI service. A group ends with the first task that is not of its phase, at the latest with
/// the execution, so that none is left open after a failure.
/// </summary>
internal sealed class TargetPhases(CiService service)
{
    private string? _open;

    /// <summary>A task begins.</summary>
    /// <param name="phase">Its phase; null for a task that is not ours.</param>
    public void Enter(string? phase)
    {
        if (phase == _open)
        {
            return;
        }

        Leave();
        if (phase is not null)
        {
            service.BeginGroup(phase);
            _open = phase;
        }
    }

    /// <summary>No task follows.</summary>
    public void Leave()
    {
        if (_open is not null)
        {
            service.EndGroup();
            _open = null;
        }
    }
}
