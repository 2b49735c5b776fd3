using System.Runtime.CompilerServices;
using System.Text;
using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Sorts hosts into classes.</summary>
internal static class HostClasses
{
    /// <summary>With more different values than this a host variable counts as one that each host has for itself, such as its address.</summary>
    private const int FewValues = 8;

    /// <summary>The class of each host.</summary>
    public static IReadOnlyDictionary<string, HostClass> Of(VariableStore store, IReadOnlyList<HostLayers> hosts)
    {
        var values = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (name, variable) in hosts.SelectMany(h => h.Own))
        {
            if (!values.TryGetValue(name, out var texts))
            {
                values.Add(name, texts = new(StringComparer.Ordinal));
            }

            if (texts.Count <= FewValues)
            {
                texts.Add(Identity(variable.Value));
            }
        }

        var varying = values.Where(v => v.Value.Count > FewValues).Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        var classes = new Dictionary<string, HostClass>(StringComparer.Ordinal);
        var result = new Dictionary<string, HostClass>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            var key = Key(host, varying);
            if (!classes.TryGetValue(key, out var found))
            {
                classes.Add(key, found = new HostClass(store, host, varying));
            }

            result.Add(host.Host.Name, found);
        }

        return result;
    }

    private static string Key(HostLayers host, HashSet<string> varying)
    {
        var key = new StringBuilder();
        foreach (var group in host.Groups)
        {
            key.Append(group.Name).Append('\n');
        }

        // Which of the varying names a host has matters too: without its own definition another layer's would count.
        foreach (var (name, variable) in host.Own.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            key.Append(name).Append('\t').Append(varying.Contains(name) ? "" : Identity(variable.Value)).Append('\n');
        }

        return key.ToString();
    }

    private static string Identity(object? value) => value switch
    {
        TemplateText template => "template " + template.Text,
        null or string or bool or long or double => PythonText.Repr(value),
        _ => "object " + RuntimeHelpers.GetHashCode(value),
    };
}
