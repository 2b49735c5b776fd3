using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using Cake.KubeCache;

return new CakeHost().UseContext<BuildContext>().Run(args);

/// <summary>The build's context; it is made before Cake looks for targets, so here the cluster's are declared.</summary>
public sealed class BuildContext : FrostingContext
{
    public BuildContext(ICakeContext context)
        : base(context) => context.KubeCacheTargets(prefix: "Cluster-");
}

/// <summary>Names a target that <c>KubeCacheTargets</c> declares: an abstract task is never made, only its name is used.</summary>
[TaskName("Cluster-Provision")]
public abstract class ClusterProvision : FrostingTask;

[TaskName("Deploy")]
[TaskDescription("Deploys, once the nodes have everything")]
[IsDependentOn(typeof(ClusterProvision))]
public sealed class DeployTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => context.Information("The nodes have everything: deploying.");
}

[TaskName("Default")]
[IsDependentOn(typeof(DeployTask))]
public sealed class DefaultTask : FrostingTask<BuildContext>;
