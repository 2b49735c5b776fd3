using System.Collections.Concurrent;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>Puts scripts for nodes together from the .sh files of this folder, which are embedded in the assembly.</summary>
internal static class NodeScript
{
    private static readonly ConcurrentDictionary<string, string> Loaded = new();

    /// <summary>The common head, the given variables, and the named parts one after another.</summary>
    /// <param name="paths">The node's paths.</param>
    /// <param name="variables">Variables of the parts; their names begin with <c>kc_</c>.</param>
    /// <param name="parts">Names of files in <c>Scripts</c> without <c>.sh</c>.</param>
    public static string Of(NodePaths paths, IEnumerable<(string Name, string Value)> variables, params IEnumerable<string> parts)
    {
        var script = new StringBuilder()
            .Append(ShellQuote.Variables([("kc_release", paths.Physical(paths.ReleaseDirectory)), ("kc_root", paths.Root), .. variables]))
            .Append(Load("common"));
        foreach (var part in parts)
        {
            script.Append(Load(part));
        }

        return script.ToString();
    }

    /// <summary>One script file without its comment lines: they are for readers here, not for the wire.</summary>
    private static string Load(string name) => Loaded.GetOrAdd(name, static n =>
    {
        using var stream = typeof(NodeScript).Assembly.GetManifestResourceStream($"Cake.KubeCache.Delivery.Scripts.{n}.sh")
            ?? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the script {n}.sh is not in the assembly"));
        using var reader = new StreamReader(stream);
        var text = new StringBuilder();
        while (reader.ReadLine() is { } line)
        {
            if (!line.TrimStart().StartsWith('#'))
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    });
}
