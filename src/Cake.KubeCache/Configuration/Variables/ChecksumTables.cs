using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>
/// Which variables hold the checksums for which version: read off the catalogue's own templates, where
/// <c>table[architecture][version]</c> looks a checksum up.
/// </summary>
internal static class ChecksumTables
{
    /// <summary>Names of tables by the name of the version variable.</summary>
    public static Dictionary<string, IReadOnlyList<ChecksumTable>> Find(VariableStore store)
    {
        var found = new Dictionary<string, HashSet<ChecksumTable>>(StringComparer.Ordinal);
        foreach (var (name, variable) in store.Catalogue.Defaults.Concat(store.Catalogue.Constants).SelectMany(l => l.Variables))
        {
            foreach (var template in Templates(variable.Value).Where(t => t.Text.Contains("checksums", StringComparison.Ordinal)))
            {
                foreach (var (table, version) in template.Parsed.Body.OfType<OutputStatement>().SelectMany(s => Lookups(s.Value)))
                {
                    if (!found.TryGetValue(version, out var tables))
                    {
                        found.Add(version, tables = []);
                    }

                    tables.Add(table);
                }
            }
        }

        return Closed(found, store);
    }

    /// <summary>A version that other versions are made from has their tables as well: <c>kubeadm_version: "{{ kube_version }}"</c>.</summary>
    private static Dictionary<string, IReadOnlyList<ChecksumTable>> Closed(Dictionary<string, HashSet<ChecksumTable>> found, VariableStore store)
    {
        foreach (var (name, variable) in store.Catalogue.Defaults.SelectMany(l => l.Variables))
        {
            if (variable.Value is TemplateText template && found.TryGetValue(name, out var tables) && template.Parsed.SingleName is { } from)
            {
                if (!found.TryGetValue(from, out var more))
                {
                    found.Add(from, more = []);
                }

                more.UnionWith(tables);
            }
        }

        return found.ToDictionary(f => f.Key, f => (IReadOnlyList<ChecksumTable>)f.Value.ToList(), StringComparer.Ordinal);
    }

    private static IEnumerable<TemplateText> Templates(object? value) => value switch
    {
        TemplateText template => [template],
        Mapping { IsDeferred: true } mapping => mapping.SelectMany(e => Templates(e.Value)),
        Sequence { IsDeferred: true } sequence => sequence.SelectMany(Templates),
        _ => [],
    };

    private static IEnumerable<(ChecksumTable Table, string Version)> Lookups(Expression expression) => expression switch
    {
        SubscriptExpression { Key: NameExpression version } lookup when Table(lookup.Target, 0) is { } table => [(table, version.Name)],
        FilterExpression filter => Lookups(filter.Input),
        ConditionalExpression conditional => Lookups(conditional.Then).Concat(conditional.Otherwise is null ? [] : Lookups(conditional.Otherwise)),
        _ => [],
    };

    private static ChecksumTable? Table(Expression expression, int depth) => expression switch
    {
        NameExpression name when name.Name.Contains("checksums", StringComparison.Ordinal) => new ChecksumTable(name.Name, depth),
        SubscriptExpression lookup => Table(lookup.Target, depth + 1),
        AttributeExpression lookup => Table(lookup.Target, depth + 1),
        _ => null,
    };
}
