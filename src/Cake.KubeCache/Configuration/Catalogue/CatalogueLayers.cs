using Cake.KubeCache.Configuration.Variables;

namespace Cake.KubeCache.Configuration.Catalogue;

/// <summary>What a catalogue defines.</summary>
/// <param name="Defaults">Role defaults: the lowest precedence of all; the later layer wins.</param>
/// <param name="Constants">Role vars: above inventory and facts, below <c>--set</c>; the later layer wins.</param>
internal sealed record CatalogueLayers(IReadOnlyList<VariableLayer> Defaults, IReadOnlyList<VariableLayer> Constants)
{
    /// <summary>No catalogue: the inventory defines the downloads itself.</summary>
    public static CatalogueLayers None { get; } = new([], []);
}
