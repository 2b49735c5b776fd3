using System.Globalization;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>Host names with ranges, as Ansible expands them: <c>node[01:10]</c>, <c>[a:c]</c>, <c>n[1:9:2]</c>, several in one name.</summary>
internal static class HostRange
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int MaximumHosts = 100_000;

    /// <summary>All names that a pattern stands for.</summary>
    /// <exception cref="FormatException">A range is malformed; the message says how.</exception>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var open = pattern.IndexOf('[', StringComparison.Ordinal);
        var close = open < 0 ? -1 : pattern.IndexOf(']', open);
        if ((open < 0) != !pattern.Contains(']', StringComparison.Ordinal) || (open >= 0 && close < 0))
        {
            throw new FormatException($"the brackets of '{pattern}' do not match");
        }

        if (close < 0 || !pattern.AsSpan(open, close - open).Contains(':'))
        {
            return [pattern];
        }

        var names = new List<string>();
        foreach (var tail in Expand(pattern[(close + 1)..]) is var tails ? Values(pattern[(open + 1)..close]).SelectMany(v => tails.Select(t => v + t)) : [])
        {
            names.Add(pattern[..open] + tail);
            if (names.Count > MaximumHosts)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"the range stands for more than {MaximumHosts} hosts"));
            }
        }

        return names;
    }

    private static IEnumerable<string> Values(string range)
    {
        var bounds = range.Split(':');
        var step = 1;
        if (bounds.Length is not (2 or 3) || bounds[1].Length == 0 || (bounds.Length == 3 && (!int.TryParse(bounds[2], NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1)))
        {
            throw new FormatException($"'[{range}]' is no range (expected [begin:end] or [begin:end:step])");
        }

        var (first, last) = (bounds[0].Length == 0 ? "0" : bounds[0], bounds[1]);
        if (first.Length == 1 && last.Length == 1 && Letters.Contains(first[0], StringComparison.Ordinal) && Letters.Contains(last[0], StringComparison.Ordinal))
        {
            return Steps(Letters.IndexOf(first[0], StringComparison.Ordinal), Letters.IndexOf(last[0], StringComparison.Ordinal), step, range).Select(i => Letters[(int)i].ToString());
        }

        var padded = first.Length > 1 && first[0] == '0';
        return padded && first.Length != last.Length ? throw new FormatException($"'[{range}]' is no range: its two ends have not the same length")
            : long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from) && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
            ? Steps(from, to, step, range).Select(i => i.ToString(CultureInfo.InvariantCulture).PadLeft(padded ? first.Length : 0, '0'))
            : throw new FormatException($"'[{range}]' is no range: its ends are neither numbers nor single letters");
    }

    private static IEnumerable<long> Steps(long from, long to, int step, string range)
    {
        if (from > to)
        {
            throw new FormatException($"'[{range}]' is no range: it ends before it begins");
        }

        for (var i = from; i <= to; i += step)
        {
            yield return i;
        }
    }
}
