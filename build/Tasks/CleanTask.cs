using Cake.Common.IO;
using Cake.Frosting;

namespace Build.Tasks;

/// <summary>
/// Empties the outputs of the addin and its tests. The folders themselves stay: removing one would touch its parent, and
/// <c>build.sh</c> would take that for a change of the sources. The running host is not touched.
/// </summary>
[TaskName("Clean")]
[TaskDescription("Empties the outputs of the addin, its tests and its package")]
public sealed class CleanTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context)
    {
        context.CleanDirectories(context.Repository.Root + "/src/*/{bin,obj}");
        context.CleanDirectories(context.Repository.Root + "/tests/*/{bin,obj}");
        context.CleanDirectory(context.Repository.Packages);
        context.CleanDirectory(context.Repository.TestResults);
    }
}
