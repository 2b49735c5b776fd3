using System.Globalization;
using System.Text.RegularExpressions;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>
/// Chooses hosts with Ansible's patterns: names and groups, globs, <c>~regex</c>, <c>a:b</c> or <c>a,b</c> (union), <c>&amp;c</c> (intersection),
/// <c>!d</c> (exclusion), <c>group[0]</c> and <c>group[1:3]</c>.
/// </summary>
internal sealed partial class LimitPattern(InventoryTree tree)
{
    /// <summary>The hosts of all patterns together, in the order of the inventory; every host where there is no pattern.</summary>
    /// <exception cref="KubeCacheException">A pattern that nothing matches: all of them.</exception>
    public IReadOnlyList<InventoryHost> Choose(IReadOnlyList<string> patterns)
    {
        var terms = patterns.SelectMany(Split).ToList();
        if (terms.Count == 0)
        {
            return tree.Hosts;
        }

        var faults = new List<Fault>();
        var chosen = terms.All(t => t[0] is '!' or '&') ? tree.Hosts.ToHashSet() : [];
        foreach (var term in terms.OrderBy(t => t[0] switch { '&' => 1, '!' => 2, _ => 0 }))
        {
            var matched = Match(term.TrimStart('&', '!'), faults);
            switch (term[0])
            {
                case '&':
                    chosen.IntersectWith(matched);
                    break;
                case '!':
                    chosen.ExceptWith(matched);
                    break;
                default:
                    chosen.UnionWith(matched);
                    break;
            }
        }

        if (faults.Count == 0 && chosen.Count == 0)
        {
            faults.Add(new Fault("no host is left to work on") { Got = "--limit=" + string.Join(" --limit=", patterns) });
        }

        return faults.Count > 0 ? throw new KubeCacheException(ErrorKind.Input, faults) : tree.Hosts.Where(chosen.Contains).ToList();
    }

    [GeneratedRegex(@"^(.+)\[(?:(-?\d+)|(\d*)[:-](\d*))\]$")]
    private static partial Regex Subscript();

    private static IEnumerable<string> Split(string pattern)
    {
        // A colon separates unless it is in brackets or the pattern is an IPv6 address.
        var commas = pattern.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return commas.SelectMany(p => p.Count(c => c == ':') > 1 && System.Net.IPAddress.TryParse(p, out _) ? [p] : Colons().Split(p)).Where(p => p.Length > 0);
    }

    [GeneratedRegex(@":(?![^\[]*\])")]
    private static partial Regex Colons();

    private IReadOnlyList<InventoryHost> Match(string term, List<Fault> faults)
    {
        if (term is "all" or "*")
        {
            return tree.Hosts;
        }

        var name = Group(term) ?? GroupNames.Alias(term) ?? term;
        if (Subscript().Match(term) is { Success: true } subscript && !term.StartsWith('~') && Group(subscript.Groups[1].Value) is not null)
        {
            return Part(Match(subscript.Groups[1].Value, faults), subscript);
        }

        var matches = Matcher(term);
        var result = tree.Hosts.Where(h => matches(h.Name)).Concat(tree.Groups.Values.Where(g => g.Name == name || matches(g.Name)).SelectMany(InventoryTree.HostsOf)).Distinct().ToList();
        if (result.Count == 0 && !tree.Groups.ContainsKey(name))
        {
            faults.Add(new Fault("a limit matches neither host nor group") { Got = term, Hint = Templates.Qualified.Nearest(term, tree.Hosts.Select(h => h.Name).Concat(tree.Groups.Keys)) });
        }

        return result;
    }

    private string? Group(string name) => tree.Groups.ContainsKey(name) ? name : null;

    private static Func<string, bool> Matcher(string term)
    {
        if (term.StartsWith('~') || term.AsSpan().ContainsAny('*', '?', '['))
        {
            var regex = new Regex(term.StartsWith('~') ? "^(?:" + term[1..] + ")" : "^" + Glob(term) + "$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return regex.IsMatch;
        }

        return n => n == term;
    }

    private static string Glob(string term) =>
        Regex.Escape(term).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal).Replace("\\[", "[", StringComparison.Ordinal).Replace("\\]", "]", StringComparison.Ordinal);

    private static List<InventoryHost> Part(IReadOnlyList<InventoryHost> hosts, Match subscript)
    {
        if (subscript.Groups[2].Success)
        {
            var at = Number(subscript.Groups[2].Value, 0);
            at = at < 0 ? at + hosts.Count : at;
            return at >= 0 && at < hosts.Count ? [hosts[at]] : [];
        }

        var (first, last) = (Number(subscript.Groups[3].Value, 0), Number(subscript.Groups[4].Value, int.MaxValue));
        return hosts.Skip(first).Take(Math.Max(0, Math.Min(last, hosts.Count) - first + 1)).ToList();
    }

    private static int Number(string digits, int otherwise) => digits.Length == 0 ? otherwise : int.Parse(digits, CultureInfo.InvariantCulture);
}
