using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>The variables that are being evaluated, each needed by the one before it; and whether the current one read anything of a single host.</summary>
internal sealed class EvaluationTrail
{
    /// <summary>Far more than any catalogue nests, and far less than the stack holds.</summary>
    private const int MaximumDepth = 400;

    private readonly List<(string Host, string Name, SourcePosition? Where)> _path = [];
    private readonly HashSet<(string, string)> _active = [];

    /// <summary>Whether what is being evaluated has read something that other hosts of its class have otherwise.</summary>
    public bool ReadOwn { get; set; }

    /// <summary>Begins a variable.</summary>
    /// <exception cref="EvaluationException">It is being evaluated already.</exception>
    public void Enter(string host, string name, SourcePosition? where)
    {
        if (!_active.Add((host, name)))
        {
            var cycle = _path.SkipWhile(p => p.Host != host || p.Name != name).ToList();
            throw new EvaluationException(EvaluationFailure.Cycle, new Fault($"the variable '{name}' needs itself")
            {
                Where = where,
                Got = string.Join(" → ", cycle.Select(c => Step(c.Host, c.Name, c.Where, host)).Append(name)),
            });
        }

        _path.Add((host, name, where));
        if (_path.Count > MaximumDepth)
        {
            Leave();
            throw new EvaluationException(EvaluationFailure.Invalid, new Fault($"the variable '{name}' is nested too deeply")
            {
                Where = where,
                Got = $"'{_path[0].Name}' needs it through {MaximumDepth} other variables",
            });
        }
    }

    /// <summary>Ends the variable that was begun last.</summary>
    public void Leave()
    {
        var (host, name, _) = _path[^1];
        _path.RemoveAt(_path.Count - 1);
        _active.Remove((host, name));
    }

    private static string Step(string host, string name, SourcePosition? where, string sameHost) =>
        (host == sameHost ? name : $"hostvars['{host}'].{name}") + (where is null ? "" : $" ({where})");
}
