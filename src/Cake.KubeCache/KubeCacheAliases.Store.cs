using Cake.Core;
using Cake.Core.Annotations;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache;

public static partial class KubeCacheAliases
{
    /// <summary>Hashes everything in the cache again; with <see cref="KubeCacheSettings.Repair"/>, damaged content is put aside and fetched again.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong, or what was damaged cannot be fetched again.</exception>
    /// <example>
    /// <code>
    /// var found = KubeCacheVerify(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray", Repair = true });
    /// Information("{0} blobs, {1} damaged", found.Blobs, found.Bad.Count);
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static StoreVerification KubeCacheVerify(this ICakeContext context, KubeCacheSettings? settings = null) =>
        Wait(Engine(context, settings).VerifyAsync(CancellationToken.None));

    /// <summary>Removes from the cache what neither the current plan nor the last <see cref="KubeCacheSettings.Keep"/> plans need.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What was removed, or would be in a dry run.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong, or the cache cannot be written to.</exception>
    /// <example>
    /// <code>
    /// var pruned = KubeCachePrune(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray", Keep = 1, DryRun = true });
    /// Information("{0} bytes would become free", pruned.Bytes);
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static StorePruning KubeCachePrune(this ICakeContext context, KubeCacheSettings? settings = null) =>
        Wait(Engine(context, settings).PruneAsync(CancellationToken.None));

    /// <summary>Fetches everything anew and writes the lock file: versions of ranges, digests of files without a checksum, digests of image tags.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <returns>What was done. Where a fetch failed, the lock file is as it was.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong, or the lock file cannot be written.</exception>
    /// <example>
    /// <code>
    /// KubeCacheLock(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray" });
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static RunReport KubeCacheLock(this ICakeContext context, KubeCacheSettings? settings = null) =>
        Run(context, settings, RunScope.Lock);

    /// <summary>The graph of targets with their states, as Mermaid, DOT or SVG by the ending of <see cref="KubeCacheSettings.GraphOutput"/>.</summary>
    /// <param name="context">The Cake context.</param>
    /// <param name="settings">What to work on; null reads the arguments and the environment.</param>
    /// <param name="prefix">What stands before each target's name.</param>
    /// <returns>The graph's text; Mermaid where no file is named.</returns>
    /// <exception cref="Model.KubeCacheException">The input is wrong, or the file's ending names no notation.</exception>
    /// <example>
    /// <code>
    /// KubeCacheGraph(new KubeCacheSettings { Inventories = { "inventory/hosts.yml" }, Catalogue = "../kubespray", GraphOutput = "graph.svg" });
    /// </code>
    /// </example>
    [CakeMethodAlias]
    public static string KubeCacheGraph(this ICakeContext context, KubeCacheSettings? settings = null, string prefix = "") =>
        Engine(context, settings).Graph(prefix);
}
