namespace Cake.KubeCache;

/// <summary>One argument: <c>--name=value</c>, or the environment variable <c>KUBECACHE_NAME</c>.</summary>
/// <param name="Name">Without dashes, such as <c>plan-output</c>.</param>
/// <param name="Description">One line for people.</param>
public sealed record KubeCacheArgument(string Name, string Description)
{
    /// <summary>Whether it may be given several times. In the environment, values stand one a line.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The environment variable that is read when the argument is not given.</summary>
    public string EnvironmentVariable => "KUBECACHE_" + Name.Replace('-', '_').ToUpperInvariant();

    internal required Action<KubeCacheSettings, string> Apply { get; init; }
}
