using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>The evaluated arguments of a call, filter or test.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly Dictionary<string, object?> NoNames = [];

    public static Arguments None { get; } = new([], NoNames);

    /// <summary>Positional arguments alone.</summary>
    public static Arguments Of(IReadOnlyList<object?> positional) => new(positional, NoNames);

    /// <summary>An argument by position or name, or what it defaults to.</summary>
    public object? Get(int position, string name, object? otherwise = null) =>
        position < Positional.Count ? Positional[position] : Named.TryGetValue(name, out var value) ? value : otherwise;

    /// <summary>An argument that must be given and defined.</summary>
    public object? Require(int position, string name)
    {
        if (position >= Positional.Count && !Named.ContainsKey(name))
        {
            throw EvaluationException.Invalid($"the argument '{name}' is missing");
        }

        var value = Get(position, name);
        PythonOperators.Defined(value);
        return value;
    }

    /// <summary>An argument that must be a text.</summary>
    public string Text(int position, string name) => PythonText.Str(Require(position, name));

    /// <summary>An argument that is a text or its default.</summary>
    public string Text(int position, string name, string otherwise) => PythonText.Str(Get(position, name, otherwise));

    /// <summary>A flag.</summary>
    public bool Flag(int position, string name) => PythonTruth.Of(Get(position, name, false));

    /// <summary>The arguments after the first ones.</summary>
    public Arguments Skip(int count) => new(Positional.Skip(count).ToList(), Named);
}
