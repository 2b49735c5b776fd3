using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Tokens read one after another.</summary>
internal sealed class TokenStream(TemplateText template, IReadOnlyList<Token> tokens)
{
    private const int MaximumDepth = 200;

    private int _at;
    private int _depth;

    public Token Current => tokens[_at];

    public Token Peek => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    /// <summary>Parses something that may contain itself.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (_depth >= MaximumDepth)
        {
            throw Wrong(Current.Offset, "the template is nested too deeply");
        }

        _depth++;
        var result = parse();
        _depth--;
        return result;
    }

    /// <summary>Takes the current token.</summary>
    public Token Next() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool IsName(string name) => Current.Is(TokenKind.Name, name);

    public bool IsOperator(string symbol) => Current.Is(TokenKind.Operator, symbol);

    /// <summary>Takes a keyword, if it is there.</summary>
    public bool TakeName(string name) => Take(TokenKind.Name, name);

    /// <summary>Takes an operator, if it is there.</summary>
    public bool TakeOperator(string symbol) => Take(TokenKind.Operator, symbol);

    /// <summary>Takes an operator that must be there.</summary>
    public void ExpectOperator(string symbol)
    {
        if (!TakeOperator(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    /// <summary>Takes a keyword that must be there.</summary>
    public void ExpectName(string name)
    {
        if (!TakeName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    /// <summary>Takes a token of a kind that must be there.</summary>
    public Token Expect(TokenKind kind, string described) => Current.Kind == kind ? Next() : throw Unexpected(described);

    /// <summary>The error that the current token should be something else.</summary>
    public EvaluationException Unexpected(string expected) => Wrong(Current.Offset, "the template is not well-formed", Current.Describe(), expected);

    /// <summary>An error at a place in the template.</summary>
    public EvaluationException Wrong(int offset, string what, string? got = null, string? expected = null) =>
        new(EvaluationFailure.Invalid, new Fault(what) { Where = template.At(offset), Got = got, Expected = expected });

    /// <summary>A construct that Jinja may know and this program does not.</summary>
    public EvaluationException Unsupported(int offset, string construct) =>
        new(EvaluationFailure.Unsupported, new Fault($"{construct} is not supported in templates") { Where = template.At(offset) });

    private bool Take(TokenKind kind, string text)
    {
        if (Current.Is(kind, text))
        {
            Next();
            return true;
        }

        return false;
    }
}
