using System.Text;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>
/// Python literals (<c>ast.literal_eval</c>): what INI inventories hold, and what the text of a template that begins with
/// <c>{</c> or <c>[</c> is read as. JSON's <c>true</c>, <c>false</c> and <c>null</c> are understood where asked for.
/// </summary>
internal sealed class PythonLiteral
{
    private readonly string _text;
    private readonly bool _json;
    private int _at;
    private int _depth;

    private PythonLiteral(string text, bool json) => (_text, _json) = (text, json);

    /// <summary>Reads one literal that makes up the whole text; false when it is none.</summary>
    public static bool TryParse(string text, bool json, out object? value)
    {
        var reader = new PythonLiteral(text, json);
        if (reader.TryValue(out value))
        {
            reader.Space();
            if (reader._at < text.Length && reader._text[reader._at] == ',' && !json && reader.TryTupleRest(value, out var tuple))
            {
                value = tuple;
            }

            // As in Python, a comment may stand behind a literal: `5 # five` in an inventory is the number.
            return reader._at == text.Length || (!json && text[reader._at] == '#' && text.IndexOf('\n', reader._at) < 0);
        }

        return false;
    }

    private bool TryTupleRest(object? first, out object? value)
    {
        var items = new Sequence([first], tuple: true);
        value = items;
        while (Take(','))
        {
            Space();
            if (_at == _text.Length)
            {
                return true;
            }

            if (!TryValue(out var item))
            {
                return false;
            }

            items.Add(item);
            Space();
        }

        return true;
    }

    private bool TryValue(out object? value)
    {
        value = null;
        Space();
        if (_at >= _text.Length || _depth > 200)
        {
            return false;
        }

        _depth++;
        var c = _text[_at];
        var read = c switch
        {
            '[' => TryItems('[', ']', out value),
            '(' => TryItems('(', ')', out value),
            '{' => TryBraces(out value),
            '\'' or '"' => TryStrings(out value),
            _ when char.IsAsciiDigit(c) || c is '.' or '-' or '+' => TryNumber(out value),
            _ => TryWord(out value),
        };
        _depth--;
        return read;
    }

    private bool TryItems(char open, char close, out object? value)
    {
        value = null;
        _at++;
        var items = new List<object?>();
        var comma = false;
        while (true)
        {
            Space();
            if (Take(close))
            {
                value = open == '(' && items.Count == 1 && !comma ? items[0] : new Sequence(items, open == '(');
                return true;
            }

            if ((items.Count > 0 && !comma) || !TryValue(out var item))
            {
                return false;
            }

            items.Add(item);
            Space();
            comma = Take(',');
        }
    }

    private bool TryBraces(out object? value)
    {
        var mapping = new Mapping();
        value = mapping;
        _at++;
        var comma = true;
        while (true)
        {
            Space();
            if (Take('}'))
            {
                return true;
            }

            if (!comma || !TryValue(out var key) || key is null or Mapping)
            {
                return false;
            }

            Space();
            if (!Take(':') || !TryValue(out var item))
            {
                return false;
            }

            mapping[key] = item;
            Space();
            comma = Take(',');
        }
    }

    private bool TryStrings(out object? value)
    {
        var text = new StringBuilder();
        value = null;
        while (_at < _text.Length && _text[_at] is '\'' or '"')
        {
            var quote = _text[_at++];
            if (_at + 1 < _text.Length && _text[_at] == quote && _text[_at + 1] == quote)
            {
                return false;
            }

            while (true)
            {
                if (_at >= _text.Length || _text[_at] == '\n')
                {
                    return false;
                }

                var c = _text[_at++];
                if (c == quote)
                {
                    break;
                }

                if (c != '\\')
                {
                    text.Append(c);
                }
                else if (!PythonEscape.TryRead(_text, ref _at, text))
                {
                    return false;
                }
            }

            Space();
        }

        value = text.ToString();
        return true;
    }

    private bool TryNumber(out object? value)
    {
        value = null;
        var negative = _text[_at] == '-';
        if (_text[_at] is '-' or '+')
        {
            _at++;
            Space();
        }

        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '_' || (_text[_at] is '-' or '+' && _text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        return PythonNumeral.TryParse(_text[start.._at], negative, out value);
    }

    private bool TryWord(out object? value)
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
        {
            _at++;
        }

        var word = _text[start.._at];
        value = word is "True" || (_json && word is "true") ? true : word is "False" || (_json && word is "false") ? false : null;
        return value is not null || word is "None" || (_json && word is "null");
    }

    private void Space()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private bool Take(char c)
    {
        if (_at < _text.Length && _text[_at] == c)
        {
            _at++;
            return true;
        }

        return false;
    }
}
