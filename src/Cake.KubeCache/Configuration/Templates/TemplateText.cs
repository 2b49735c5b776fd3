using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A text with a template in it, and where it stands. It is parsed when it is first read, once for all hosts.</summary>
internal sealed class TemplateText(string text, SourcePosition? where) : IDeferred
{
    private Template? _parsed;

    public string Text { get; } = text;

    /// <summary>The place of the text's first character.</summary>
    public SourcePosition? Where { get; } = where;

    /// <summary>Whether a text may be a template at all.</summary>
    public static bool Looks(string text)
    {
        for (var brace = text.IndexOf('{', StringComparison.Ordinal); brace >= 0 && brace + 1 < text.Length; brace = text.IndexOf('{', brace + 1))
        {
            if (text[brace + 1] is '{' or '%' or '#')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text, or a template where it looks like one.</summary>
    public static object Of(string text, SourcePosition? where) => Looks(text) ? new TemplateText(text, where) : text;

    /// <summary>The parsed template.</summary>
    /// <exception cref="EvaluationException">It is not well-formed; with its place.</exception>
    public Template Parsed => _parsed ??= TemplateParser.Parse(this);

    /// <summary>The place of a character of the text.</summary>
    public SourcePosition? At(int offset)
    {
        if (Where is null)
        {
            return null;
        }

        var before = Text.AsSpan(0, Math.Clamp(offset, 0, Text.Length));
        var lines = before.Count('\n');
        return lines > 0
            ? Where with { Line = Where.Line + lines, Column = 0 }
            : Where with { Column = Where.Column > 0 ? Where.Column + before.Length : 0 };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
