using Cake.KubeCache.Configuration.Downloads;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>One host of the inventory.</summary>
internal sealed class HostConfig(InventoryReadings readings, string name, Node node)
{
    /// <summary>The inventory name.</summary>
    public string Name { get; } = name;

    /// <summary>Its groups, ancestors too, without <c>all</c>, in alphabetical order.</summary>
    public IReadOnlyList<string> Groups { get; } = readings.Scopes.LayersOf(name).Groups.Select(g => g.Name).Order(StringComparer.Ordinal).ToList();

    /// <summary>How it is reached and what runs its containers.</summary>
    public Node Node { get; } = node;

    /// <summary>What it is to have. Safe for threads.</summary>
    /// <exception cref="KubeCacheException">All faults of its enabled items and settings.</exception>
    public HostDownloads Evaluate(HostFacts facts)
    {
        lock (readings)
        {
            return readings.Downloads.Evaluate(Name, facts);
        }
    }

    /// <summary>Where a variable comes from, every layer that defines it. Safe for threads.</summary>
    public VariableExplanation Explain(string variable, HostFacts facts)
    {
        lock (readings)
        {
            return Explainer.Explain(readings.Scopes, Name, variable, facts);
        }
    }

    /// <summary>A variable as text; null where it is undefined or empty. Safe for threads.</summary>
    /// <exception cref="KubeCacheException">It cannot be evaluated.</exception>
    public string? Text(string variable, HostFacts facts) => Read(facts, v => v.Text(variable));

    /// <summary>A variable as bool, or a default where it is undefined. Safe for threads.</summary>
    /// <exception cref="KubeCacheException">It cannot be evaluated.</exception>
    public bool Flag(string variable, HostFacts facts, bool otherwise) => Read(facts, v => v.Flag(variable, otherwise));

    /// <summary>A variable as a list of texts; a single value is a list of one. Safe for threads.</summary>
    /// <exception cref="KubeCacheException">It cannot be evaluated.</exception>
    public IReadOnlyList<string> Texts(string variable, HostFacts facts) => Read(facts, v => v.List(variable).Select(PythonText.Str).ToList());

    /// <summary>Names of all variables that something defines for it.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (readings)
            {
                return readings.Scopes.Of(Name, HostFacts.Default).Names.ToList();
            }
        }
    }

    /// <summary>A variable's evaluated value; <see cref="Undefined"/> where it is undefined. Safe for threads.</summary>
    /// <exception cref="EvaluationException">It cannot be evaluated.</exception>
    public object? Value(string variable, HostFacts facts)
    {
        lock (readings)
        {
            return readings.Scopes.Of(Name, facts).TryResolve(variable, out var value) ? value : Undefined.Name(variable);
        }
    }

    private T Read<T>(HostFacts facts, Func<TypedVariables, T> read)
    {
        lock (readings)
        {
            var faults = new List<Fault>();
            var value = read(new TypedVariables(readings.Scopes.Of(Name, facts), faults, []));
            return faults.Count == 0 ? value : throw new KubeCacheException(ErrorKind.Input, faults);
        }
    }
}

/// <summary>What all hosts evaluate with; also the lock they take turns with.</summary>
internal sealed record InventoryReadings(HostScopes Scopes, DownloadsEvaluator Downloads);
