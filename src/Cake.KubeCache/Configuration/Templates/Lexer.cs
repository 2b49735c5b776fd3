using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>
/// Cuts a template into tokens, with Jinja's whitespace control and Ansible's settings: the newline after a block goes
/// (<c>trim_blocks</c>), one newline at the end goes, and in <c>{{ }}</c> a backslash in a string stands for itself.
/// </summary>
internal sealed class Lexer
{
    private readonly TemplateText _template;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _trimNext;

    private Lexer(TemplateText template)
    {
        _template = template;
        var text = template.Text.Contains('\r', StringComparison.Ordinal)
            ? template.Text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
            : template.Text;
        _text = text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>All tokens of a template, the last one <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="EvaluationException">A block that is not closed, or a character that has no meaning.</exception>
    public static IReadOnlyList<Token> Tokenize(TemplateText template)
    {
        var lexer = new Lexer(template);
        while (lexer._at < lexer._text.Length)
        {
            lexer.Data();
        }

        lexer._tokens.Add(new Token(TokenKind.End, "", lexer._text.Length));
        return lexer._tokens;
    }

    private void Data()
    {
        var open = NextOpening();
        var end = open < 0 ? _text.Length : open;
        var stripped = open >= 0 && open + 2 < _text.Length && _text[open + 2] == '-';
        var data = _text[_at..end];
        if (_trimNext)
        {
            data = data.TrimStart();
        }

        if (stripped)
        {
            data = data.TrimEnd();
        }

        if (data.Length > 0)
        {
            _tokens.Add(new Token(TokenKind.Data, data, _at));
        }

        // Text that was trimmed away completely leaves the next text's start to be trimmed only by its own block.
        _trimNext = false;
        _at = end;
        if (open < 0)
        {
            return;
        }

        _at = open + 2 + (stripped || (open + 2 < _text.Length && _text[open + 2] == '+') ? 1 : 0);
        switch (_text[open + 1])
        {
            case '#':
                Comment(open);
                break;
            case '%' when Word("raw", out var afterRaw):
                Raw(open, afterRaw);
                break;
            case '%':
                _tokens.Add(new Token(TokenKind.BlockBegin, "{%", open));
                Inside(open, "%}", TokenKind.BlockEnd);
                break;
            default:
                _tokens.Add(new Token(TokenKind.VariableBegin, "{{", open));
                Inside(open, "}}", TokenKind.VariableEnd);
                break;
        }
    }

    private int NextOpening()
    {
        for (var i = _text.IndexOf('{', _at); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('{', i + 1))
        {
            if (_text[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private void Comment(int open)
    {
        var close = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0)
        {
            throw Wrong(open, "a comment is not closed", "'#}'");
        }

        _at = close + 2;
        AfterBlock(_text[close - 1]);
    }

    /// <summary>Whether a block consists of one word; and what follows it.</summary>
    private bool Word(string word, out int after)
    {
        after = _at;
        while (after < _text.Length && char.IsWhiteSpace(_text[after]))
        {
            after++;
        }

        if (string.CompareOrdinal(_text, after, word, 0, word.Length) != 0)
        {
            return false;
        }

        after += word.Length;
        while (after < _text.Length && char.IsWhiteSpace(_text[after]))
        {
            after++;
        }

        var marked = after < _text.Length && _text[after] is '-' or '+';
        if (string.CompareOrdinal(_text, after + (marked ? 1 : 0), "%}", 0, 2) != 0)
        {
            return false;
        }

        after += marked ? 3 : 2;
        return true;
    }

    private void Raw(int open, int start)
    {
        var begin = _text[start - 3];
        for (var i = _text.IndexOf("{%", start, StringComparison.Ordinal); i >= 0; i = _text.IndexOf("{%", i + 2, StringComparison.Ordinal))
        {
            _at = i + 2 + (i + 2 < _text.Length && _text[i + 2] is '-' or '+' ? 1 : 0);
            if (!Word("endraw", out var after))
            {
                continue;
            }

            var data = _text[start..i];
            data = begin == '-' ? data.TrimStart() : begin != '+' && data.StartsWith('\n') ? data[1..] : data;
            data = _text[i + 2] == '-' ? data.TrimEnd() : data;
            if (data.Length > 0)
            {
                _tokens.Add(new Token(TokenKind.Data, data, start));
            }

            _at = after;
            AfterBlock(_text[after - 3]);
            return;
        }

        throw Wrong(open, "a raw block is not closed", "'{% endraw %}'");
    }

    private void AfterBlock(char mark)
    {
        _trimNext = mark == '-';
        if (mark is not ('-' or '+') && _at < _text.Length && _text[_at] == '\n')
        {
            _at++;
        }
    }

    private void Inside(int open, string close, TokenKind end)
    {
        var brackets = new Stack<(char Close, int Offset)>();
        while (true)
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }

            if (_at >= _text.Length)
            {
                throw Wrong(open, $"the block that begins with '{_text.Substring(open, 2)}' is not closed", $"'{close}'");
            }

            if (brackets.Count == 0 && Closes(close, out var mark))
            {
                _tokens.Add(new Token(end, close, _at));
                _at += mark == default ? 2 : 3;
                if (end == TokenKind.BlockEnd)
                {
                    AfterBlock(mark);
                }
                else
                {
                    _trimNext = mark == '-';
                }

                return;
            }

            OneToken(brackets, end == TokenKind.VariableEnd);
        }
    }

    private bool Closes(string close, out char mark)
    {
        mark = _text[_at] is '-' || (_text[_at] is '+' && close == "%}") ? _text[_at] : default;
        return string.CompareOrdinal(_text, _at + (mark == default ? 0 : 1), close, 0, 2) == 0;
    }

    private void OneToken(Stack<(char Close, int Offset)> brackets, bool inVariable)
    {
        var start = _at;
        var c = _text[_at];
        if (char.IsLetter(c) || c == '_')
        {
            while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            {
                _at++;
            }

            _tokens.Add(new Token(TokenKind.Name, _text[start.._at], start));
        }
        else if (char.IsAsciiDigit(c))
        {
            Number(start);
        }
        else if (c is '\'' or '"')
        {
            String(start, c, inVariable);
        }
        else
        {
            Operator(start, brackets);
        }
    }

    private void Number(int start)
    {
        var afterDot = _tokens[^1].Is(TokenKind.Operator, ".");
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_' ||
            (!afterDot && _text[_at] == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])) ||
            (_text[_at] is '+' or '-' && _text[_at - 1] is 'e' or 'E' && !_text.AsSpan(start, _at - start).StartsWith("0x"))))
        {
            _at++;
        }

        _tokens.Add(new Token(TokenKind.Number, _text[start.._at], start));
    }

    private void String(int start, char quote, bool inVariable)
    {
        for (_at++; _at < _text.Length && _text[_at] != quote; _at++)
        {
            _at += _text[_at] == '\\' ? 1 : 0;
        }

        if (_at >= _text.Length)
        {
            throw Wrong(start, "a string is not closed", quote.ToString());
        }

        var content = _text[(start + 1).._at];
        _at++;
        content = inVariable ? content.Replace("\\" + quote, quote.ToString(), StringComparison.Ordinal) : PythonEscape.Unescape(content);
        _tokens.Add(new Token(TokenKind.String, content, start));
    }

    private void Operator(int start, Stack<(char Close, int Offset)> brackets)
    {
        var two = _at + 1 < _text.Length ? _text.Substring(_at, 2) : "";
        var length = two is "//" or "**" or "==" or "!=" or ">=" or "<=" ? 2 : "+-/*%~[](){}><=.:|,;".Contains(_text[_at], StringComparison.Ordinal) ? 1 : 0;
        if (length == 0)
        {
            throw Wrong(start, $"'{_text[_at]}' has no meaning here", null);
        }

        switch (_text[_at])
        {
            case '(':
                brackets.Push((')', start));
                break;
            case '[':
                brackets.Push((']', start));
                break;
            case '{':
                brackets.Push(('}', start));
                break;
            case ')' or ']' or '}' when brackets.Count == 0 || brackets.Pop().Close != _text[_at]:
                throw Wrong(start, $"'{_text[_at]}' closes nothing", null);
        }

        _tokens.Add(new Token(TokenKind.Operator, _text.Substring(start, length), start));
        _at += length;
    }

    private EvaluationException Wrong(int offset, string what, string? expected) =>
        new(EvaluationFailure.Invalid, new Fault(what) { Where = _template.At(offset), Got = Excerpt(offset), Expected = expected });

    private string Excerpt(int offset) => _text.Length - offset <= 60 ? _text[offset..] : _text[offset..(offset + 57)] + "...";
}
