namespace Build.Arguments;

/// <summary>Every argument there is: the check, the help and the tasks read this one table.</summary>
internal static class KnownArguments
{
    public static readonly KnownArgument Inventory = new("inventory", "PATH", "Inventory file or folder (INI or YAML); without one, recipes/quickstart") { Repeatable = true };
    public static readonly KnownArgument Catalogue = new("catalogue", "PATH", "Folder of catalogue variables, or a Kubespray checkout; without one, recipes/kubernetes");
    public static readonly KnownArgument Set = new("set", "KEY=VALUE|@FILE", "Extra variable, or a YAML file of them; goes before everything else") { Repeatable = true };
    public static readonly KnownArgument Limit = new("limit", "HOST|GROUP", "Only these hosts") { Repeatable = true };
    public static readonly KnownArgument Cache = new("cache", "DIR", "The cache; without one, what the inventory says, or the user's cache directory");
    public static readonly KnownArgument PlanOutput = new("plan-output", "FILE", "Writes the plan as JSON");
    public static readonly KnownArgument Report = new("report", "FILE", "Writes what was done as JSON");
    public static readonly KnownArgument Configuration = new("configuration", "NAME", "What to build: Release (default) or Debug");
    public static readonly KnownArgument Suite = new("suite", "unit|integration", "Test: only this suite") { Repeatable = true };
    public static readonly KnownArgument Filter = new("filter", "PATTERN", "Test: only test methods of this full name; * at either end") { Repeatable = true };
    public static readonly KnownArgument VersionSuffix = new("version-suffix", "TEXT", "Pack: makes a pre-release version, such as 1.0.0-TEXT");

    /// <summary>What this build's tasks take.</summary>
    public static IReadOnlyList<KnownArgument> OfBuild { get; } =
        [Inventory, Catalogue, Set, Limit, Cache, PlanOutput, Report, Configuration, Suite, Filter, VersionSuffix];

    /// <summary>What Cake takes, in its spellings.</summary>
    public static IReadOnlyList<KnownArgument> OfCake { get; } =
    [
        new("target", "NAME", "Target to run; Default (= Provision) without one") { Repeatable = true, Letter = 't' },
        new("tree", null, "Shows the targets and what they need") { Aliases = ["showtree"] },
        new("description", null, "Lists the targets") { Aliases = ["descriptions", "showdescription", "showdescriptions"] },
        new("dryrun", null, "Shows what would run") { Aliases = ["noop", "whatif"] },
        new("exclusive", null, "Runs the target without what it needs") { Letter = 'e' },
        new("verbosity", "LEVEL", "quiet, minimal, normal, verbose or diagnostic") { Letter = 'v' },
        new("working", "DIR", "Working directory") { Letter = 'w' },
        new("version", null, "Shows Cake's version") { Aliases = ["ver"] },
        new("info", null, "Shows more about Cake"),
        new("help", null, "Shows this") { Letter = 'h' },
    ];

    /// <summary>Both.</summary>
    public static IEnumerable<KnownArgument> All => OfBuild.Concat(OfCake);
}
