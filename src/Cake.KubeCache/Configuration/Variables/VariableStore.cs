using Cake.KubeCache.Configuration.Catalogue;
using Cake.KubeCache.Configuration.Inventory;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>All variables of a run, before any is evaluated.</summary>
internal sealed record VariableStore
{
    /// <summary>Hosts and groups.</summary>
    public required InventoryTree Tree { get; init; }

    /// <summary>Role defaults and role vars.</summary>
    public required CatalogueLayers Catalogue { get; init; }

    /// <summary><c>--set</c>.</summary>
    public required VariableLayer Extra { get; init; }

    /// <summary><c>group_vars</c> of each inventory, by group.</summary>
    public required InventoryVariables Inventory { get; init; }

    /// <summary>Decrypts inline vaulted values.</summary>
    public required VaultSecrets Vault { get; init; }

    /// <summary>Environment of the control machine.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Versions that ranges are locked to, by the name of the variable.</summary>
    public required IReadOnlyDictionary<string, string> LockedVersions { get; init; }

    /// <summary>Inventory names of all hosts by group, as <c>groups</c> shows them.</summary>
    public required Mapping Groups { get; init; }
}
