namespace Cake.KubeCache.Execution;

/// <summary>Where a work item stands.</summary>
internal enum WorkState
{
    /// <summary>Not started yet.</summary>
    Waiting,

    /// <summary>Started.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>It threw.</summary>
    Failed,

    /// <summary>Never started: something it needs failed.</summary>
    Blocked,

    /// <summary>Stopped, or never started, because the run was cancelled.</summary>
    Canceled,
}
