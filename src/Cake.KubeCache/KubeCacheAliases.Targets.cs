using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Targets;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>
    /// Declares Cake targets: <c>Fetch-&lt;artifact&gt;</c> for each artifact, <c>Push-&lt;node&gt;</c> for each node, and <c>Fetch</c>,
    /// <c>Push</c>, <c>Provision</c>, <c>Plan</c>, <c>Status</c> over them. What is up to date is skipped.
    /// </summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <param name="prefix">What stands before each target's name, to keep them apart from the build's own.</param>
    /// <exception cref="Model.KubeCacheException">The input is wrong; all its faults are in the message.</exception>
    /// <example>
    /// <code>
    /// KubeCacheTargets(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" }, prefix: "Cluster-");
    /// Task("Deploy").IsDependentOn("Cluster-Provision").Does(() => Information("the nodes have everything"));
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static void KubeCacheTargets(this ICakeContext context, KubeCacheSettings? settings = null, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(context);
        TargetRegistration.Register(context, settings ?? KubeCache.KubeCacheArguments.Read(context), prefix);
    }
}
