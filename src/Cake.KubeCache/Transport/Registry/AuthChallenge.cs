using System.Net.Http.Headers;
using System.Text;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>What a registry wants to see (RFC 9110, 11.6.1; distribution's token specification for <c>Bearer</c>).</summary>
/// <param name="Scheme"><c>Basic</c> or <c>Bearer</c>.</param>
/// <param name="Parameters">Parameters by lower-case name, such as <c>realm</c>, <c>service</c>, <c>scope</c>.</param>
internal sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>The challenge to answer: Bearer before Basic; null when there is none that we know.</summary>
    public static AuthChallenge? Of(HttpResponseHeaders headers)
    {
        var challenges = headers.WwwAuthenticate.Select(h => new AuthChallenge(h.Scheme, Read(h.Parameter ?? ""))).ToList();
        return challenges.Find(c => c.Is("Bearer") && c.Parameters.ContainsKey("realm")) ?? challenges.Find(c => c.Is("Basic"));
    }

    /// <summary>Whether this is the scheme.</summary>
    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>A value, or null.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>name=token or name="quoted \"text\"", separated by commas.</summary>
    private static Dictionary<string, string> Read(string text)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (text.IndexOf('=', at) is >= 0 and var equals)
        {
            var name = text[at..equals].Trim(' ', ',', '\t');
            var value = new StringBuilder();
            at = equals + 1;
            var quoted = at < text.Length && text[at] == '"';
            for (at += quoted ? 1 : 0; at < text.Length && text[at] != (quoted ? '"' : ','); at++)
            {
                if (quoted && text[at] == '\\' && at + 1 < text.Length)
                {
                    at++;
                }

                value.Append(text[at]);
            }

            at = Math.Min(at + 1, text.Length);
            parameters[name] = quoted ? value.ToString() : value.ToString().Trim();
        }

        return parameters;
    }
}
