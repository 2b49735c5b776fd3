using System.Text;
using Cake.KubeCache.Delivery.Runtimes;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Probe;

/// <summary>Learns everything about a node by one script.</summary>
internal sealed class NodeProbe(NodePaths paths, IImageRuntime runtime, string node)
{
    /// <summary>Runs the probe.</summary>
    /// <param name="shell">The node's shell.</param>
    /// <param name="planned">Paths on the node that are planned to be written; those without a valid receipt are hashed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="KubeCacheException">The script failed (<see cref="ErrorKind.Retry"/>), or as the shell says.</exception>
    public async Task<NodeState> RunAsync(INodeShell shell, IReadOnlyCollection<string> planned, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var path in planned.Distinct().Select(paths.Physical))
        {
            lines.Append(NodePaths.ReceiptName(path)).Append('\t').Append(path).Append('\n');
        }

        var command = new ShellCommand(NodeScript.Of(paths, runtime.Variables, ["probe", .. runtime.ProbeParts, "end"]))
        {
            Input = async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), token),
        };
        var result = await shell.RunAsync(command, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new KubeCacheException(ErrorKind.Retry, new Fault($"the probe of {node} failed") { Got = result.LastErrorLine ?? $"exit code {result.ExitCode}" });
        }

        var other = new List<string[]>();
        var state = ProbeReport.Read(result.Output, paths, node, other.Add);
        runtime.Interpret(state, other);
        return state;
    }
}
