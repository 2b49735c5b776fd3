using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>What an inventory says of the hosts that one pattern stands for.</summary>
/// <param name="Variables">Their variables.</param>
/// <param name="Where">Where the entry stands.</param>
internal sealed record HostEntry(IReadOnlyList<KeyValuePair<string, Variable>> Variables, SourcePosition Where)
{
    /// <summary>Lists the hosts of a pattern in a group; the port behind a colon becomes <c>ansible_port</c>.</summary>
    /// <exception cref="FormatException">The pattern is malformed.</exception>
    public static void Add(InventoryTree tree, InventoryGroup group, string pattern, HostEntry entry)
    {
        var address = HostAddress.Parse(pattern);
        foreach (var name in HostRange.Expand(address.Name))
        {
            var host = tree.Host(name, entry.Where.File);
            group.Add(host);
            if (address.Port is { } port)
            {
                host.Variables["ansible_port"] = new Variable(port, entry.Where);
            }

            foreach (var (key, variable) in entry.Variables)
            {
                host.Variables[key] = variable;
            }
        }
    }
}
