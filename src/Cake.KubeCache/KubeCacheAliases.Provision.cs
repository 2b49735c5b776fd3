using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>Brings everything into the cache and onto the nodes: only what each lacks moves.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What was fetched and what each node got, had and still lacks; failures are in it.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong; all its faults are in the message.</exception>
    /// <example>
    /// <code>
    /// var report = KubeCacheProvision(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" });
    /// if (!report.Succeeded) throw new CakeException("some nodes are not up to date");
    /// if (report.UpToDate) Information("nothing had to be done");
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static RunReport KubeCacheProvision(this ICakeContext context, KubeCacheSettings? settings = null) => Run(context, settings, RunScope.Provision);
}
