using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>What runs at the moment, as lines for a terminal: a bar for each transfer, and a total with rate and time left.</summary>
internal static class LiveBars
{
    private const int NameWidth = 32;
    private const int BarWidth = 24;

    /// <summary>The lines, at most <paramref name="height"/>; none when nothing runs.</summary>
    /// <param name="running">The transfers.</param>
    /// <param name="total">Bytes moved so far by all transfers, finished ones too, and since when.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Most lines to use.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyCollection<RunProgress.Transfer> running, (long Bytes, TimeSpan Time) total, int width, int height)
    {
        if (running.Count == 0)
        {
            return [];
        }

        var lines = running.OrderBy(t => t.Since).Take(Math.Max(1, height - 1)).Select(Line).ToList();
        var more = running.Count - lines.Count;
        var left = running.Sum(t => Math.Max(0, t.Expected - t.Done));
        var rate = total.Time.TotalSeconds > 0 ? total.Bytes / total.Time.TotalSeconds : 0;
        var eta = rate > 0 && left > 0 ? $", {Units.Duration(TimeSpan.FromSeconds(left / rate))} left" : "";
        lines.Add($"{running.Count} running{(more > 0 ? $" ({more} not shown)" : "")}, {Units.Bytes(total.Bytes)} moved, {Units.Bytes((long)rate)}/s{eta}");
        return [.. lines.Select(l => l.Length < width ? l : l[..Math.Max(0, width - 1)])];
    }

    private static string Line(RunProgress.Transfer transfer)
    {
        var name = transfer.What.Length <= NameWidth ? transfer.What.PadRight(NameWidth) : transfer.What[..(NameWidth - 1)] + "…";
        if (transfer.Expected <= 0)
        {
            return $"{name} {Units.Bytes(transfer.Done)}";
        }

        var share = Math.Clamp((double)transfer.Done / transfer.Expected, 0, 1);
        var full = (int)(share * BarWidth);
        return $"{name} {new string('█', full)}{new string('░', BarWidth - full)} {(int)(share * 100),3} %  {Units.Bytes(transfer.Done)} of {Units.Bytes(transfer.Expected)}";
    }
}
