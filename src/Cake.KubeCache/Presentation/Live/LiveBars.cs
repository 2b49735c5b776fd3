using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>What runs at the moment, as lines for a terminal: a bar for each transfer, and a total with rate and time left.</summary>
internal static class LiveBars
{
    private const int MostName = 32;
    private const int LeastName = 12;
    private const int MostBar = 24;
    private const int LeastBar = 6;

    /// <summary>The lines, at most <paramref name="height"/>, each shorter than <paramref name="width"/>; none when nothing runs.</summary>
    /// <param name="running">The transfers.</param>
    /// <param name="total">All transfers together, finished ones too.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Most lines to use.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyCollection<RunProgress.Transfer> running, LiveTotal total, int width, int height)
    {
        if (running.Count == 0)
        {
            return [];
        }

        // The last column stays free: what is written there wraps in some terminals.
        var columns = Math.Max(1, width - 1);
        var shown = running.OrderBy(t => t.Since).ThenBy(t => t.What, StringComparer.Ordinal).Take(Math.Max(1, height - 1)).Select(t => new Row(t)).ToList();
        var layout = Layout.For(shown, columns);
        return [.. shown.Select(r => Fit(layout.Line(r), columns)), Fit(Total(running, shown.Count, total, columns), columns)];
    }

    private static string Total(IReadOnlyCollection<RunProgress.Transfer> running, int shown, LiveTotal total, int columns)
    {
        var left = running.Sum(t => Math.Max(0, t.Expected - t.Done));
        var more = running.Count > shown ? $" ({running.Count - shown} not shown)" : "";
        var rate = $"{Units.Bytes((long)total.Rate)}/s";
        var time = total.Rate >= 1 && left > 0 ? $", {Units.Duration(TimeSpan.FromSeconds(left / total.Rate))} left" : "";
        string[] forms =
        [
            $"{running.Count} running{more}, {Units.Bytes(total.Bytes)} moved, {rate}{time}",
            $"{Units.Bytes(total.Bytes)} moved, {rate}{time}",
            $"{rate}{time}",
        ];
        return Array.Find(forms, f => f.Length <= columns) ?? rate;
    }

    private static string Fit(string text, int length) => text.Length <= length ? text : length < 2 ? text[..length] : text[..(length - 1)] + "…";

    // One transfer in words.
    private sealed class Row(RunProgress.Transfer transfer)
    {
        public string Name => transfer.What;

        public double? Share { get; } = transfer.Expected > 0 ? Math.Clamp((double)transfer.Done / transfer.Expected, 0, 1) : null;

        public string Percent => Share is { } share ? $"{(int)(share * 100),3} %" : "";

        public string Bytes { get; } = transfer.Expected > 0 ? $"{Units.Bytes(transfer.Done)} of {Units.Bytes(transfer.Expected)}" : Units.Bytes(transfer.Done);
    }

    // How wide each part is; what does not fit is left out: first the bytes, then the bar.
    private sealed record Layout(int Name, int Bar, bool Bytes)
    {
        private const int PercentWidth = 5;

        public static Layout For(IReadOnlyList<Row> rows, int columns)
        {
            var name = Math.Min(MostName, rows.Max(r => r.Name.Length));
            var bytes = rows.Max(r => r.Bytes.Length) + 2;
            if (Room(columns - bytes, name) is >= LeastBar and var wide)
            {
                return new Layout(name, wide, Bytes: true);
            }

            var narrow = Math.Min(name, Math.Max(LeastName, columns - PercentWidth - 2 - LeastBar));
            return Room(columns, narrow) is >= LeastBar and var bar
                ? new Layout(narrow, bar, Bytes: false)
                : new Layout(Math.Max(1, Math.Min(name, columns - PercentWidth - 1)), 0, Bytes: false);
        }

        public string Line(Row row)
        {
            var name = Fit(row.Name, Name).PadRight(Name);
            if (row.Share is not { } share)
            {
                return $"{name} {row.Bytes}";
            }

            var full = (int)(share * Bar);
            var bar = Bar == 0 ? "" : new string('█', full) + new string('░', Bar - full) + " ";
            return $"{name} {bar}{row.Percent}{(Bytes ? "  " + row.Bytes : "")}";
        }

        private static int Room(int columns, int name) => Math.Min(MostBar, columns - name - PercentWidth - 2);
    }
}
