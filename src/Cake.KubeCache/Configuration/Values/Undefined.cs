using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>
/// What a missing name, key or attribute evaluates to. It may be tested and defaulted; any other use is an error, and
/// looking something up in it gives it back, so that the first cause is what is reported.
/// </summary>
/// <param name="Fault">The error that using it causes.</param>
internal sealed record Undefined(Fault Fault)
{
    /// <summary>
    /// Whether it prints as nothing and counts as false instead of being an error: the missing else of an inline if, which Jinja treats so in every mode.
    /// </summary>
    public bool IsLenient { get; init; }

    /// <summary>A name that no layer defines.</summary>
    public static Undefined Name(string name) => new(new Fault($"'{name}' is undefined"));
}
