using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>Brings everything that the inventory's nodes need into the cache. No node is asked.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What was fetched and what was there; failures are in it.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong; all its faults are in the message.</exception>
    /// <example>
    /// <code>
    /// var report = KubeCacheFetch(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" });
    /// Information("{0} bytes received", report.BytesReceived);
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static RunReport KubeCacheFetch(this ICakeContext context, KubeCacheSettings? settings = null) => Run(context, settings, RunScope.Fetch);
}
