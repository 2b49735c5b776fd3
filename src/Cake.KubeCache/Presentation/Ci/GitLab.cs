using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Presentation.Ci;

/// <summary>GitLab CI: collapsible sections (docs.gitlab.com, "Custom collapsible sections"); it has no annotations and no summary.</summary>
internal sealed class GitLab(Action<string> write) : CiService
{
    private readonly Stack<string> _sections = new();
    private int _count;

    /// <inheritdoc/>
    public override void BeginGroup(string title)
    {
        var section = $"kubecache_{++_count}";
        _sections.Push(section);
        write($"\x1b[0Ksection_start:{Now()}:{section}\r\x1b[0K{title}");
    }

    /// <inheritdoc/>
    public override void EndGroup()
    {
        if (_sections.TryPop(out var section))
        {
            write($"\x1b[0Ksection_end:{Now()}:{section}\r\x1b[0K");
        }
    }

    /// <inheritdoc/>
    public override void Annotate(Fault fault)
    {
    }

    /// <inheritdoc/>
    public override void Conclude(RunReport report)
    {
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
