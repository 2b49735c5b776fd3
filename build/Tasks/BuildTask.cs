using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Build;
using Cake.Frosting;

namespace Build.Tasks;

/// <summary>Compiles everything; warnings are errors.</summary>
[TaskName("Build")]
[TaskDescription("Compiles the addin, its tests and this host")]
[IsDependentOn(typeof(RestoreTask))]
public sealed class BuildTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context) => context.DotNetBuild(context.Repository.Solution.FullPath, new DotNetBuildSettings
    {
        WorkingDirectory = context.Repository.Root,
        Configuration = context.BuildConfiguration,
        NoRestore = true,
        NoLogo = true,
        VersionSuffix = context.VersionSuffix,
        Verbosity = DotNetVerbosity.Quiet,
    });
}
