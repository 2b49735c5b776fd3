using Cake.Common.Tools.DotNet;
using Cake.Common.Tools.DotNet.Restore;
using Cake.Frosting;
using SystemEnvironment = System.Environment;

namespace Build.Tasks;

/// <summary>Restores the packages; in CI exactly those that the lock files name.</summary>
[TaskName("Restore")]
[TaskDescription("Restores the packages")]
public sealed class RestoreTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context) => context.DotNetRestore(context.Repository.Solution.FullPath, new DotNetRestoreSettings
    {
        WorkingDirectory = context.Repository.Root,
        LockedMode = SystemEnvironment.GetEnvironmentVariable("CI") == "true",
        Verbosity = DotNetVerbosity.Quiet,
    });
}
