namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Where templates find variables.</summary>
internal interface IScope
{
    /// <summary>The evaluated value of a variable; false when nothing defines it.</summary>
    /// <exception cref="Values.EvaluationException">It cannot be evaluated for another reason than something undefined.</exception>
    bool TryResolve(string name, out object? value);

    /// <summary>The value of a variable as it was written, not evaluated; false when nothing defines it.</summary>
    bool TryDefinition(string name, out object? definition);

    /// <summary>An environment variable of the control machine, or null.</summary>
    string? EnvironmentVariable(string name);
}
