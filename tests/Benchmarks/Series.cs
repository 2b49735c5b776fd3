using System.Globalization;

namespace Benchmarks;

/// <summary>Repeated measurements of several ways to do one thing, in turns, so that a busy machine is busy for all of them.</summary>
internal static class Series
{
    private const int UsualRounds = 5;

    /// <summary>Measures and prints medians; the first way is the one that the others are compared with.</summary>
    public static Task<IReadOnlyDictionary<string, double>> RunAsync(params (string Name, Func<Task<double>> Measure)[] ways) => RunAsync(UsualRounds, ways);

    /// <summary>The same with another number of rounds; one more before them is not counted. <c>KUBECACHE_BENCH_ROUNDS</c> overrides the number.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> RunAsync(int rounds, params (string Name, Func<Task<double>> Measure)[] ways)
    {
        if (Environment.GetEnvironmentVariable("KUBECACHE_BENCH_ROUNDS") is { Length: > 0 } wanted)
        {
            rounds = int.Parse(wanted, CultureInfo.InvariantCulture);
        }

        var seconds = ways.ToDictionary(w => w.Name, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, measure) in ways)
            {
                var took = await measure();
                if (round > 0)
                {
                    seconds[name].Add(took);
                }
            }
        }

        var medians = seconds.ToDictionary(s => s.Key, s => Median(s.Value));
        foreach (var (name, median) in medians)
        {
            var all = string.Join(' ', seconds[name].Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {median,7:0.000} s   ({all})"));
        }

        return medians;
    }

    /// <summary>The middle one.</summary>
    public static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Prints a ratio.</summary>
    public static void Ratio(string what, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {value:0.00} ×"));
}
