using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>Compares the nodes with what they should have. Nothing is changed.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What each node has and lacks: what lacks is pending.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong; all its faults are in the message.</exception>
    /// <example>
    /// <code>
    /// var report = KubeCacheStatus(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" });
    /// foreach (var node in report.Nodes) Information("{0} lacks {1}", node.Node, string.Join(", ", node.Lacking));
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static RunReport KubeCacheStatus(this ICakeContext context, KubeCacheSettings? settings = null) =>
        Wait(Engine(context, settings).StatusAsync(CancellationToken.None));
}
