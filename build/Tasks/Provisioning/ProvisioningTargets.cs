using Cake.Core;
using Cake.KubeCache;

namespace Build.Tasks.Provisioning;

/// <summary>
/// Declares the targets of the cache beside this build's own. They come from the inventory, so they are declared only where one of
/// them may be meant: a wrong inventory keeps nobody from building or cleaning.
/// </summary>
internal static class ProvisioningTargets
{
    /// <summary>What runs when no target is named.</summary>
    public const string Default = "Default";

    /// <summary>Declares them.</summary>
    /// <param name="context">The build's context, before its tasks run.</param>
    /// <param name="quickstart">Completes settings without an inventory.</param>
    /// <param name="ownTasks">Names of the build's own tasks.</param>
    /// <exception cref="Cake.KubeCache.Model.KubeCacheException">The arguments, the inventory or the catalogue are wrong.</exception>
    public static void Declare(BuildContext context, Quickstart quickstart, IReadOnlySet<string> ownTasks)
    {
        // Cake hands on the targets, and none when its own listing (--tree, --description) is asked for.
        var requested = context.Arguments.GetArguments("target");
        var listing = Environment.GetCommandLineArgs().Any(a => a.TrimStart('-').StartsWith("tree", StringComparison.OrdinalIgnoreCase) || a.Contains("description", StringComparison.OrdinalIgnoreCase));
        if (!listing && requested.Count > 0 && requested.All(ownTasks.Contains))
        {
            return;
        }

        var settings = KubeCacheArguments.Read(context);
        if (settings.Inventories.Count == 0)
        {
            quickstart.Complete(settings);
        }

        settings.Catalogue ??= context.Repository.Catalogue.FullPath;
        settings.LeanTargets = true;
        context.KubeCacheTargets(settings);
        var engine = (ICakeEngine)context.ServiceProvider.GetService(typeof(ICakeEngine))!;
        engine.RegisterTask(Default).Description("Provision: everything into the cache and onto the nodes").IsDependentOn("Provision");
    }
}
