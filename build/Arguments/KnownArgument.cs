namespace Build.Arguments;

/// <summary>An argument that this build, or Cake, knows.</summary>
/// <param name="Name">What stands behind the two hyphens.</param>
/// <param name="Value">What it takes, for people, such as <c>DIR</c>; null when it takes nothing.</param>
/// <param name="Help">What it does, in a line.</param>
public sealed record KnownArgument(string Name, string? Value, string Help)
{
    /// <summary>Whether it may be given more than once.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Other spellings that Cake takes.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The one-letter form, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>All long spellings.</summary>
    public IEnumerable<string> Names => Aliases.Prepend(Name);
}
