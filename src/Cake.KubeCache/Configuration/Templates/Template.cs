namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A parsed template.</summary>
/// <param name="Source">Its text and place.</param>
/// <param name="Body">Its statements.</param>
internal sealed record Template(TemplateText Source, IReadOnlyList<Statement> Body)
{
    /// <summary>
    /// The name, where the whole text is <c>{{ name }}</c>: then a number or bool that the variable was defined with keeps its type.
    /// </summary>
    public string? SingleName { get; } = Single(Source.Text, Body);

    /// <summary>How many newlines end the text: the result ends with at least as many.</summary>
    public int TrailingNewlines { get; } = Source.Text.Length - Source.Text.TrimEnd('\n').Length;

    private static string? Single(string text, IReadOnlyList<Statement> body) =>
        body is [OutputStatement { Value: NameExpression name }] && text.StartsWith("{{", StringComparison.Ordinal) && text.TrimEnd('\n').EndsWith("}}", StringComparison.Ordinal)
            ? name.Name
            : null;
}
