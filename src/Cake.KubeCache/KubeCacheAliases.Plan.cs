using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>Plans: which artifacts, for which nodes; what is cached and what each node lacks as far as it is remembered. Nobody is asked.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong; all its faults are in the message.</exception>
    /// <example>
    /// <code>
    /// var plan = KubeCachePlan(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" });
    /// Information("{0} of {1} artifacts have to be fetched", plan.ToFetch, plan.Artifacts.Count);
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static Plan KubeCachePlan(this ICakeContext context, KubeCacheSettings? settings = null) =>
        Wait(Engine(context, settings).PlanAsync(CancellationToken.None));

    private static RunReport Run(ICakeContext context, KubeCacheSettings? settings, RunScope scope) =>
        Wait(Engine(context, settings).RunAsync(scope, CancellationToken.None));

    private static KubeCacheEngine Engine(ICakeContext context, KubeCacheSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new KubeCacheEngine(context, settings ?? KubeCache.KubeCacheArguments.Read(context));
    }

    // Aliases are synchronous, as Cake's own are; the work itself never runs on the caller's thread.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
