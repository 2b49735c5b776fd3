namespace Cake.KubeCache;

/// <summary>One argument: <c>--name=value</c>, or the environment variable <c>KUBECACHE_NAME</c>.</summary>
public sealed class KubeCacheArgument
{
    internal KubeCacheArgument(string name, string description, Action<KubeCacheSettings, string> apply) =>
        (Name, Description, Apply) = (name, description, apply);

    /// <summary>Without dashes, such as <c>plan-output</c>.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Description { get; }

    /// <summary>Whether it may be given several times. In the environment, values stand one a line.</summary>
    public bool Repeatable { get; internal init; }

    /// <summary>Whether it may stand alone: <c>--name</c> is <c>--name=true</c>.</summary>
    public bool IsSwitch { get; internal init; }

    /// <summary>The environment variable that is read when the argument is not given.</summary>
    public string EnvironmentVariable => "KUBECACHE_" + Name.Replace('-', '_').ToUpperInvariant();

    internal Action<KubeCacheSettings, string> Apply { get; }
}
