using System.IO.Enumeration;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Host patterns of OpenSSH: <c>*</c>, <c>?</c>, no regard to case (ssh_config(5), "PATTERNS").</summary>
internal static class HostPattern
{
    /// <summary>Whether the pattern fits the whole host.</summary>
    public static bool Matches(string pattern, string host) => FileSystemName.MatchesSimpleExpression(pattern, host, ignoreCase: true);

    /// <summary>Whether one of the patterns fits and none of those with a <c>!</c> before them.</summary>
    public static bool MatchesAny(IEnumerable<string> patterns, string host)
    {
        var matched = false;
        foreach (var pattern in patterns)
        {
            var negated = pattern.StartsWith('!');
            if (Matches(negated ? pattern[1..] : pattern, host))
            {
                if (negated)
                {
                    return false;
                }

                matched = true;
            }
        }

        return matched;
    }
}
