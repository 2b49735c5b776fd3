using System.Text;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>The one place where text becomes part of a shell command.</summary>
internal static class ShellQuote
{
    /// <summary>One word for a POSIX shell, whatever the text holds.</summary>
    public static string Word(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary><c>name='value'</c> lines for the head of a script, in the given order.</summary>
    public static string Variables(params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            text.Append(name).Append('=').Append(Word(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Several words, separated by blanks.</summary>
    public static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary>
    /// A command line that makes any login shell run the script with <c>sh</c>. The shells that people log in with do not agree
    /// on what stands between single quotes (fish keeps backslashes special, csh refuses line ends and expands <c>!</c>), so the
    /// script travels as base64, which means the same to all of them.
    /// </summary>
    public static string ForAnyLoginShell(string script) =>
        $"exec sh -c 'eval \"$(printf %s {Convert.ToBase64String(Encoding.UTF8.GetBytes(script))}|base64 -d)\"'";
}
