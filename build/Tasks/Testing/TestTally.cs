using System.Globalization;
using System.Xml.Linq;

namespace Build.Tasks.Testing;

/// <summary>How many tests passed, failed and were skipped, and why those were; read from xunit's XML results (format v2 and up).</summary>
internal sealed record TestTally(int Passed, int Failed, int Skipped, IReadOnlyDictionary<string, int> SkipReasons)
{
    public static TestTally None { get; } = new(0, 0, 0, new Dictionary<string, int>());

    /// <summary>The closing line: nothing else may stand on it, for that is how machines find it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Tests: {Passed} passed, {Failed} failed, {Skipped} skipped");

    /// <summary>Reads one suite's results. Errors outside of tests (a fixture that broke) count as failed.</summary>
    public static TestTally Read(XDocument results)
    {
        var assemblies = results.Descendants("assembly").ToList();
        var reasons = results.Descendants("test")
            .Where(test => (string?)test.Attribute("result") == "Skip")
            .GroupBy(test => test.Element("reason")?.Value.Trim() ?? "no reason given")
            .ToDictionary(group => group.Key, group => group.Count());
        return new TestTally(Sum("passed"), Sum("failed") + Sum("errors"), Sum("skipped"), reasons);

        int Sum(string attribute) => assemblies.Sum(a => (int?)a.Attribute(attribute) ?? 0);
    }

    /// <summary>Both together.</summary>
    public TestTally Plus(TestTally other) => new(
        Passed + other.Passed,
        Failed + other.Failed,
        Skipped + other.Skipped,
        SkipReasons.Concat(other.SkipReasons).GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Sum(r => r.Value)));
}
