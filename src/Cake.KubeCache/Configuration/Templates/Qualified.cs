namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Names of filters, tests and lookups, which may be written with the collection that has them.</summary>
internal static class Qualified
{
    private static readonly string[] Collections = ["ansible.builtin.", "ansible.utils.", "ansible.netcommon.", "community.general."];

    /// <summary>The name without a known collection.</summary>
    public static string Plain(string name)
    {
        var collection = name.Contains('.', StringComparison.Ordinal) ? Collections.FirstOrDefault(c => name.StartsWith(c, StringComparison.Ordinal)) : null;
        return collection is null ? name : name[collection.Length..];
    }

    /// <summary>A hint that names the nearest of the known names, or null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        var nearest = known.MinBy(k => Distance(name, k));
        return nearest is not null && Distance(name, nearest) <= Math.Max(1, name.Length / 3) ? $"did you mean '{nearest}'?" : null;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
