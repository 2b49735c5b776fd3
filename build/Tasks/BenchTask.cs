using Build.Arguments;
using Cake.Common;
using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;

namespace Build.Tasks;

/// <summary>
/// Measures against public tools and prints the ratios, one measurement after another so that none disturbs the next. No time
/// passes or fails; only a measurement that could not be taken does.
/// </summary>
[TaskName("Bench")]
[TaskDescription("Measures against public tools (--measurement=NAME)")]
[IsDependentOn(typeof(BuildTask))]
public sealed class BenchTask : FrostingTask<BuildContext>
{
    private static readonly string[] Usual = ["files", "files-tls", "images", "nothing", "plan", "no-op", "push", "far", "layer", "sixty", "docker", "fanout", "targets", "runner"];

    /// <inheritdoc/>
    public override void Run(BuildContext context)
    {
        var program = context.Repository.Root.CombineWithFilePath($"tests/Benchmarks/bin/{context.BuildConfiguration}/net10.0/Benchmarks.dll");
        var chosen = context.Values(KnownArguments.Measurement);
        var failed = (chosen.Count == 0 ? Usual : chosen)
            .Where(name => context.StartProcess("dotnet", new ProcessSettings
            {
                Arguments = new ProcessArgumentBuilder().AppendQuoted(program.FullPath).AppendQuoted(name),
            }) != 0)
            .ToList();
        if (failed.Count > 0)
        {
            throw new CakeException($"These measurements could not be taken: {string.Join(", ", failed)}");
        }
    }
}
