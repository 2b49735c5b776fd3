using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Presentation.Ci;

/// <summary>Azure Pipelines: logging commands (learn.microsoft.com, "Logging commands").</summary>
internal sealed class AzurePipelines(Func<string, string?> environment, Action<string> write) : CiService
{
    /// <inheritdoc/>
    public override void BeginGroup(string title) => write($"##[group]{Line(title)}");

    /// <inheritdoc/>
    public override void EndGroup() => write("##[endgroup]");

    /// <inheritdoc/>
    public override void Annotate(Fault fault)
    {
        var place = fault.Where is { } where ? $"sourcepath={Property(where.File)};{(where.Line > 0 ? $"linenumber={where.Line};" : "")}{(where.Column > 0 ? $"columnnumber={where.Column};" : "")}" : "";
        write($"##vso[task.logissue type=error;{place}]{Line((fault with { Where = null }).ToString())}");
    }

    /// <inheritdoc/>
    public override void Conclude(RunReport report)
    {
        var folder = environment("AGENT_TEMPDIRECTORY") ?? Path.GetTempPath();
        var file = Path.Combine(folder, $"kubecache-{report.Verb}-{report.StartedAt.ToUnixTimeMilliseconds()}.md");
        File.WriteAllText(file, MarkdownSummary.Write(report));
        write($"##vso[task.uploadsummary]{file}");
        foreach (var (name, value) in Outputs(report))
        {
            write($"##vso[task.setvariable variable={name};isOutput=true]{Line(value)}");
        }
    }

    private static string Line(string text) => text.Replace("%", "%AZP25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Line(text).Replace(";", "%3B", StringComparison.Ordinal).Replace("]", "%5D", StringComparison.Ordinal);
}
