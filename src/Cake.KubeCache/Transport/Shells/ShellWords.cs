using System.Text;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Splits a text into words as a POSIX shell would, without expanding anything.</summary>
internal static class ShellWords
{
    /// <summary>The words; quotes and backslashes are taken off.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var begun = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else if (c == '\\' && quote == '"' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`')
                {
                    word.Append(text[++i]);
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (char.IsWhiteSpace(c))
            {
                if (begun)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    begun = false;
                }
            }
            else
            {
                begun = true;
                if (c is '"' or '\'')
                {
                    quote = c;
                }
                else
                {
                    word.Append(c == '\\' && i + 1 < text.Length ? text[++i] : c);
                }
            }
        }

        if (quote != '\0')
        {
            throw new FormatException($"a {quote} is not closed in: {text}");
        }

        if (begun)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
