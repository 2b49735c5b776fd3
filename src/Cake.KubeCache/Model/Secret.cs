namespace Cake.KubeCache.Model;

/// <summary>A value that must never be printed: its text form is always <c>***</c>.</summary>
public sealed class Secret(string value)
{
    /// <summary>The value itself. Whoever reads it is responsible that it goes to no log and to no command line.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <summary>Wraps a text, or null for null or empty.</summary>
    public static Secret? From(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text);
}
