namespace Cake.KubeCache;

/// <summary>Names of the Cake targets.</summary>
internal static class TargetNames
{
    /// <summary>Everything into the store and onto the nodes.</summary>
    public const string Provision = "Provision";

    /// <summary>All fetches.</summary>
    public const string FetchAll = "Fetch";

    /// <summary>All pushes.</summary>
    public const string PushAll = "Push";

    /// <summary>Prints the plan.</summary>
    public const string Plan = "Plan";

    /// <summary>Compares the nodes with the plan.</summary>
    public const string Status = "Status";

    /// <summary>Hashes the store again.</summary>
    public const string Verify = "Verify";

    /// <summary>Removes from the store what no plan needs.</summary>
    public const string Prune = "Prune";

    /// <summary>Fetches everything anew and writes the lock file.</summary>
    public const string Lock = "Lock";

    /// <summary>Writes the graph.</summary>
    public const string Graph = "Graph";

    /// <summary>The target that fetches an artifact.</summary>
    public static string Fetch(string artifact) => "Fetch-" + artifact;

    /// <summary>The target that fetches all that a node, and others like it, are to have.</summary>
    public static string FetchFor(string node) => "Fetch-for-" + node;

    /// <summary>The target that brings a node up to date.</summary>
    public static string Push(string node) => "Push-" + node;
}
