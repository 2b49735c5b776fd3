using Cake.KubeCache.Configuration.Inventory;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>A host's definitions by precedence.</summary>
/// <param name="Host">The host.</param>
/// <param name="Groups">Its groups, lowest precedence first, without <c>all</c>.</param>
/// <param name="OfGroups">Layers of its groups, lowest first.</param>
/// <param name="OfHost">Layers of the host itself, lowest first.</param>
internal sealed record HostLayers(InventoryHost Host, IReadOnlyList<InventoryGroup> Groups, IReadOnlyList<VariableLayer> OfGroups, IReadOnlyList<VariableLayer> OfHost)
{
    /// <summary>The host's own definitions, the winner of each name.</summary>
    public IReadOnlyDictionary<string, Variable> Own { get; } = Flatten(OfHost);

    /// <summary>The winner of each name of some layers.</summary>
    public static Dictionary<string, Variable> Flatten(IEnumerable<VariableLayer> layers)
    {
        var result = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var (name, variable) in layer.Variables)
            {
                result[name] = variable;
            }
        }

        return result;
    }
}
