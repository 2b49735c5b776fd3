namespace Cake.KubeCache.Execution;

/// <summary>How one step of a run ended.</summary>
public enum StepState
{
    /// <summary>Nothing had to be done.</summary>
    UpToDate,

    /// <summary>It was done and verified.</summary>
    Done,

    /// <summary>It has to be done, and this verb does not do it.</summary>
    Pending,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was not tried: something it needs failed.</summary>
    Blocked,

    /// <summary>The run was stopped before or while it ran.</summary>
    Canceled,
}

/// <summary>Words for states.</summary>
internal static class StepStates
{
    /// <summary>Whether the step is as it should be.</summary>
    public static bool IsGood(this StepState state) => state is StepState.UpToDate or StepState.Done;

    /// <summary>What a table shows.</summary>
    public static string Text(this StepState state) => state switch
    {
        StepState.UpToDate => "up to date",
        StepState.Done => "done",
        StepState.Pending => "pending",
        StepState.Failed => "failed",
        StepState.Blocked => "not tried",
        _ => "stopped",
    };

    /// <summary>The worst of several, for a summary.</summary>
    public static StepState Worst(this IEnumerable<StepState> states)
    {
        var all = states.ToHashSet();
        StepState[] order = [StepState.Failed, StepState.Canceled, StepState.Blocked, StepState.Pending, StepState.Done];
        return order.Cast<StepState?>().FirstOrDefault(s => all.Contains(s!.Value)) ?? StepState.UpToDate;
    }
}
