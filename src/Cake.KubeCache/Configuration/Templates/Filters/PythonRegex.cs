using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Python's regular expressions on .NET's.</summary>
internal static class PythonRegex
{
    /// <summary>The expression that is a filter's or test's first argument, with its <c>ignorecase</c> and <c>multiline</c>.</summary>
    public static Regex Of(FilterCall call, string name = "pattern")
    {
        var options = RegexOptions.CultureInvariant;
        options |= call.Arguments.Named.TryGetValue("ignorecase", out var ignore) && PythonTruth.Of(ignore) ? RegexOptions.IgnoreCase : 0;
        options |= call.Arguments.Named.TryGetValue("multiline", out var multi) && PythonTruth.Of(multi) ? RegexOptions.Multiline : 0;
        return Parse(call.Arguments.Text(0, name), options);
    }

    /// <summary>What a replacement such as <c>v\1</c> or <c>\g&lt;name&gt;</c> comes to for a match.</summary>
    public static string Expand(string replacement, Match match)
    {
        var text = new StringBuilder();
        for (var at = 0; at < replacement.Length;)
        {
            var c = replacement[at++];
            if (c != '\\' || at >= replacement.Length)
            {
                text.Append(c);
            }
            else if (char.IsAsciiDigit(replacement[at]))
            {
                var end = at + 1 < replacement.Length && char.IsAsciiDigit(replacement[at + 1]) ? at + 2 : at + 1;
                text.Append(match.Groups[int.Parse(replacement[at..end], CultureInfo.InvariantCulture)].Value);
                at = end;
            }
            else if (replacement[at] == 'g' && at + 1 < replacement.Length && replacement[at + 1] == '<' && replacement.IndexOf('>', at) is > 0 and var close)
            {
                text.Append(match.Groups[replacement[(at + 2)..close]].Value);
                at = close + 1;
            }
            else
            {
                PythonEscape.TryRead(replacement, ref at, text);
            }
        }

        return text.ToString();
    }

    private static Regex Parse(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal).Replace("\\Z", "\\z", StringComparison.Ordinal), options, TimeSpan.FromSeconds(2));
        }
        catch (ArgumentException exception)
        {
            throw new EvaluationException(EvaluationFailure.Invalid, new Fault($"'{pattern}' is no regular expression") { Got = exception.Message }, exception);
        }
    }
}
