namespace Cake.KubeCache.Model;

/// <summary>Faults as people want to read them.</summary>
internal static class FaultList
{
    /// <summary>Tells equal faults once, and of those with one cause only the first, with how many more there are.</summary>
    public static IReadOnlyList<Fault> Collapse(IEnumerable<Fault> faults) =>
    [
        .. faults.Distinct().GroupBy(f => f.Cause is null ? (object)f : (f.Cause, f.Got, f.Expected)).Select(g => g.Count() == 1 ? g.First() : g.First() with
        {
            What = $"{g.First().What} (and {g.Count() - 1} more that fail for the same reason)",
        }),
    ];
}
