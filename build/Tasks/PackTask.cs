using Cake.Common.Diagnostics;
using Cake.Common.IO;
using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Pack;
using Cake.Frosting;

namespace Build.Tasks;

/// <summary>Makes the addin's package, out of what <c>Build</c> compiled.</summary>
[TaskName("Pack")]
[TaskDescription("Makes artifacts/packages/Cake.KubeCache.<version>.nupkg")]
[IsDependentOn(typeof(BuildTask))]
public sealed class PackTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context)
    {
        context.CleanDirectory(context.Repository.Packages);
        context.DotNetPack(context.Repository.Addin.FullPath, new DotNetPackSettings
        {
            WorkingDirectory = context.Repository.Root,
            Configuration = context.BuildConfiguration,
            NoBuild = true,
            NoLogo = true,
            OutputDirectory = context.Repository.Packages,
            VersionSuffix = context.VersionSuffix,
            Verbosity = DotNetVerbosity.Quiet,
        });
        foreach (var package in context.GetFiles(context.Repository.Packages + "/*.nupkg"))
        {
            context.Information("{0}", context.Repository.Root.GetRelativePath(package));
        }
    }
}
