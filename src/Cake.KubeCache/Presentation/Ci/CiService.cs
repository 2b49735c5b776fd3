using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Presentation.Ci;

/// <summary>What a CI service can be told, in its own notation on standard output or in files that it names.</summary>
internal abstract class CiService
{
    /// <summary>The service that this process runs under; one that is told nothing elsewhere.</summary>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    /// <param name="write">Writes one line to standard output as it is.</param>
    public static CiService Detect(Func<string, string?> environment, Action<string> write) =>
        environment("GITHUB_ACTIONS") == "true" ? new GitHubActions(environment, write)
        : environment("TF_BUILD") is { } azure && azure.Equals("True", StringComparison.OrdinalIgnoreCase) ? new AzurePipelines(environment, write)
        : environment("GITLAB_CI") == "true" ? new GitLab(write)
        : new NoService();

    /// <summary>Folds the lines until <see cref="EndGroup"/> under a title.</summary>
    public abstract void BeginGroup(string title);

    /// <summary>Ends the group.</summary>
    public abstract void EndGroup();

    /// <summary>Marks an error, at its place in the inventory where it has one.</summary>
    public abstract void Annotate(Fault fault);

    /// <summary>Hands over the result of a run: a summary for people and values for later steps.</summary>
    public abstract void Conclude(RunReport report);

    /// <summary>The values that later steps can use.</summary>
    protected static IEnumerable<(string Name, string Value)> Outputs(RunReport report) =>
    [
        ("up-to-date", report.UpToDate ? "true" : "false"),
        ("succeeded", report.Succeeded ? "true" : "false"),
        ("bytes-received", report.BytesReceived.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("bytes-sent", report.BytesSent.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ("changed-nodes", string.Join(",", report.Nodes.Where(n => n.State == StepState.Done).Select(n => n.Node))),
    ];

    private sealed class NoService : CiService
    {
        public override void BeginGroup(string title)
        {
        }

        public override void EndGroup()
        {
        }

        public override void Annotate(Fault fault)
        {
        }

        public override void Conclude(RunReport report)
        {
        }
    }
}
