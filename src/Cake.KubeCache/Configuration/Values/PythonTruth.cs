namespace Cake.KubeCache.Configuration.Values;

/// <summary>Truth values.</summary>
internal static class PythonTruth
{
    /// <summary>Python's <c>bool()</c>: empty and zero are false.</summary>
    /// <exception cref="EvaluationException">The value is undefined.</exception>
    public static bool Of(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        Sequence sequence => sequence.Count > 0,
        Mapping mapping => mapping.Count > 0,
        Undefined { IsLenient: true } => false,
        Undefined undefined => throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault),
        _ => true,
    };

    /// <summary>Ansible's <c>bool</c> filter: yes, on, 1, true in any case; everything else is false.</summary>
    public static bool FromWord(object? value) => value switch
    {
        bool flag => flag,
        long number => number == 1,
        double number => number == 1,
        string text => text.ToLowerInvariant() is "yes" or "on" or "1" or "true",
        _ => false,
    };
}
