using Cake.Core;
using Cake.Core.Annotations;

namespace Cake.KubeCache;

/// <summary>
/// Downloads what a Kubernetes cluster is made of once, keeps it in a local content-addressed cache, and brings every node up to date with
/// only what it lacks.
/// </summary>
[CakeAliasCategory("KubeCache")]
[CakeNamespaceImport("Cake.KubeCache")]
[CakeNamespaceImport("Cake.KubeCache.Model")]
[CakeNamespaceImport("Cake.KubeCache.Planning")]
[CakeNamespaceImport("Cake.KubeCache.Execution")]
public static partial class KubeCacheAliases
{
    /// <summary>Settings from the script's arguments (<c>--inventory</c>, <c>--set</c> …) and from <c>KUBECACHE_…</c> variables.</summary>
    /// <param name="context">The Cake context.</param>
    /// <returns>Settings that the script may change before it hands them on.</returns>
    /// <exception cref="Model.KubeCacheException">An argument has no valid value.</exception>
    /// <example>
    /// <code>
    /// var settings = KubeCacheArguments();
    /// settings.Cache = "./cache";
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static KubeCacheSettings KubeCacheArguments(this ICakeContext context) => KubeCache.KubeCacheArguments.Read(context);
}
