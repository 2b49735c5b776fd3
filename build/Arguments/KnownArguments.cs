using Cake.KubeCache;

namespace Build.Arguments;

/// <summary>Every argument there is: the check, the help and the tasks read this one table.</summary>
internal static class KnownArguments
{
    public static readonly KnownArgument Configuration = new("configuration", "NAME", "Release (default) or Debug (Build, Test, Pack)");
    public static readonly KnownArgument Suite = new("suite", "unit|integration", "only this suite (Test)") { Repeatable = true };
    public static readonly KnownArgument Filter = new("filter", "PATTERN", "only test methods of this full name, * at either end (Test)") { Repeatable = true };
    public static readonly KnownArgument Measurement = new("measurement", "NAME", "only this measurement (Bench)") { Repeatable = true };
    public static readonly KnownArgument Conformance = new("conformance", "DIR", "folder with Kubespray releases and what Ansible makes of them (Test)");
    public static readonly KnownArgument VersionSuffix = new("version-suffix", "TEXT", "makes a pre-release, such as 1.0.0-TEXT (Pack)");

    /// <summary>What the addin takes.</summary>
    public static IReadOnlyList<KnownArgument> OfAddin { get; } =
        [.. KubeCacheArguments.All.Select(a => new KnownArgument(a.Name, a.IsSwitch ? null : "VALUE", a.Description) { Repeatable = a.Repeatable })];

    /// <summary>What the tasks that build and test take.</summary>
    public static IReadOnlyList<KnownArgument> OfBuild { get; } = [Configuration, Suite, Filter, Conformance, Measurement, VersionSuffix];

    /// <summary>What Cake takes, in its spellings.</summary>
    public static IReadOnlyList<KnownArgument> OfCake { get; } =
    [
        new("target", "NAME", "target to run; Default (= Provision) without one") { Repeatable = true, Letter = 't' },
        new("tree", null, "shows the targets and what they need") { Aliases = ["showtree"] },
        new("description", null, "lists the targets") { Aliases = ["descriptions", "showdescription", "showdescriptions"] },
        new("dryrun", null, "shows what would run") { Aliases = ["noop", "whatif"] },
        new("exclusive", null, "runs the target without what it needs") { Letter = 'e' },
        new("verbosity", "LEVEL", "quiet, minimal, normal, verbose or diagnostic") { Letter = 'v' },
        new("no-report", null, "shows no table of tasks at the end"),
        new("working", "DIR", "working directory") { Letter = 'w' },
        new("version", null, "shows the versions of this and of Cake") { Aliases = ["ver"] },
        new("info", null, "shows more about Cake"),
        new("help", null, "shows this") { Letter = 'h' },
    ];

    /// <summary>All of them.</summary>
    public static IEnumerable<KnownArgument> All => OfAddin.Concat(OfBuild).Concat(OfCake);
}
