using System.Globalization;

namespace Cake.KubeCache.Execution;

/// <summary>Sizes of rolling batches, as Ansible's <c>serial</c> has them: numbers of nodes and percentages of all nodes; the last size repeats.</summary>
public sealed class Batches
{
    private readonly IReadOnlyList<(int Number, bool Percent)> _sizes;

    private Batches(IReadOnlyList<(int, bool)> sizes) => _sizes = sizes;

    /// <summary>Reads <c>1,25%,100%</c>.</summary>
    /// <exception cref="FormatException">A size is no positive number, or a percentage above 100.</exception>
    public static Batches Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Batches([.. text.Split(',', StringSplitOptions.TrimEntries).Select(Size)]);
    }

    /// <summary>Divides items into batches, in order; every batch has one at least.</summary>
    public IReadOnlyList<IReadOnlyList<T>> Divide<T>(IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var batches = new List<IReadOnlyList<T>>();
        for (var at = 0; at < items.Count; at += batches[^1].Count)
        {
            var (number, percent) = _sizes[Math.Min(batches.Count, _sizes.Count - 1)];
            var size = percent ? Math.Max(1, items.Count * number / 100) : number;
            batches.Add([.. items.Skip(at).Take(size)]);
        }

        return batches;
    }

    private static (int Number, bool Percent) Size(string text)
    {
        var percent = text.EndsWith('%');
        return int.TryParse(percent ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && !(percent && number > 100)
            ? (number, percent)
            : throw new FormatException("numbers of nodes or percentages, separated by commas, such as 1,25%,100%");
    }
}
