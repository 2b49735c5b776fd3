using Cake.Core;

namespace Cake.KubeCache.Targets;

/// <summary>
/// Switches of Cake's command line that change what tasks mean. Neither the context nor the setup tells an addin of them, so they are
/// read where the user wrote them.
/// </summary>
/// <param name="DryRun">Tasks are listed and not run.</param>
/// <param name="Exclusive">Targets run without what they need.</param>
/// <param name="Listing">Tasks are shown and not run.</param>
/// <param name="Targets">The requested targets.</param>
internal sealed record CakeSwitches(bool DryRun, bool Exclusive, bool Listing, IReadOnlySet<string> Targets)
{
    /// <summary>Reads them.</summary>
    public static CakeSwitches Read(ICakeContext context)
    {
        var line = Environment.GetCommandLineArgs();
        return new CakeSwitches(
            Given("dryrun", "noop", "whatif"),
            Given("exclusive") || line.Contains("-e"),
            Given("tree", "showtree", "description", "descriptions", "showdescription", "showdescriptions"),
            context.Arguments.GetArguments("target").ToHashSet(StringComparer.OrdinalIgnoreCase));

        bool Given(params string[] names) => names.Any(n => context.Arguments.HasArgument(n) || line.Any(word => Is(word, n)));
    }

    private static bool Is(string word, string name)
    {
        var parts = word.TrimStart('-').Split('=', 2);
        return word.StartsWith('-') && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase) && (parts.Length == 1 || parts[1].Equals("true", StringComparison.OrdinalIgnoreCase));
    }
}
