using System.Text;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Presentation.Ci;

/// <summary>GitHub Actions: workflow commands, the step summary and step outputs (docs.github.com, "Workflow commands for GitHub Actions").</summary>
internal sealed class GitHubActions(Func<string, string?> environment, Action<string> write) : CiService
{
    /// <inheritdoc/>
    public override void BeginGroup(string title) => write($"::group::{Data(title)}");

    /// <inheritdoc/>
    public override void EndGroup() => write("::endgroup::");

    /// <inheritdoc/>
    public override void Annotate(Fault fault)
    {
        var place = fault.Where is { } where ? $" file={Property(Relative(where.File))}{(where.Line > 0 ? $",line={where.Line}" : "")}{(where.Column > 0 ? $",col={where.Column}" : "")}" : "";
        write($"::error{place}::{Data((fault with { Where = null }).ToString())}");
    }

    /// <inheritdoc/>
    public override void Conclude(RunReport report)
    {
        Append("GITHUB_STEP_SUMMARY", MarkdownSummary.Write(report));
        Append("GITHUB_OUTPUT", string.Concat(Outputs(report).Select(o => $"{o.Name}={o.Value}\n")));
    }

    private void Append(string variable, string text)
    {
        if (environment(variable) is { Length: > 0 } file)
        {
            File.AppendAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }

    // Annotations are shown in the diff only for paths relative to the repository.
    private string Relative(string file) => environment("GITHUB_WORKSPACE") is { Length: > 0 } root && Path.IsPathRooted(file) ? Path.GetRelativePath(root, file) : file;

    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
