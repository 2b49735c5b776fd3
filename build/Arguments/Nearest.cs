namespace Build.Arguments;

/// <summary>The name that somebody meant when he misspelt one.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the smallest edit distance, or null when none is nearer than half of the word.</summary>
    public static string? Of(string word, IEnumerable<string> candidates) => candidates
        .Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant(), candidate)))
        .Where(c => c.distance <= Math.Max(1, word.Length / 2))
        .OrderBy(c => c.distance)
        .Select(c => c.candidate)
        .FirstOrDefault();

    // Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours, which are what fingers do most.
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }
}
