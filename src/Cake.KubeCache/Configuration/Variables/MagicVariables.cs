using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>What a magic variable is computed from.</summary>
internal sealed record MagicContext(HostScopes Scopes, HostLayers Layers, HostScope Scope);

/// <summary>Variables that Ansible itself provides (user guide, "Special variables").</summary>
internal static class MagicVariables
{
    /// <summary>What <c>omit</c> evaluates to: an item's key with this value counts as absent.</summary>
    public const string Omit = "__omit_place_holder__";

    /// <summary>Whether a name is one of them; nothing can redefine it.</summary>
    public static bool Is(string name) => name is "inventory_hostname" or "inventory_hostname_short" or "group_names" or "groups" or "hostvars" or "vars" or
        "inventory_dir" or "inventory_file" or "play_hosts" or "ansible_play_hosts" or "ansible_play_hosts_all" or "ansible_play_batch" or "ansible_version" or "ansible_check_mode" or "omit" or "playbook_dir";

    /// <summary>Whether each host has its own value of it.</summary>
    public static bool IsOwn(string name) => name is "inventory_hostname" or "inventory_hostname_short" or "vars" or "inventory_dir" or "inventory_file";

    /// <summary>The value of a magic variable.</summary>
    public static object? Get(string name, MagicContext context) => name switch
    {
        "inventory_hostname" => context.Scope.Host,
        "inventory_hostname_short" => context.Scope.Host.Split('.')[0],
        "group_names" => new Sequence(context.Layers.Groups.Select(g => g.Name).Order(StringComparer.Ordinal)) { IsShared = true },
        "groups" => context.Scopes.Store.Groups,
        "hostvars" => new HostVariables(context.Scopes),
        "vars" => new ScopeVariables(context.Scope),
        "inventory_dir" => Path.GetDirectoryName(Path.GetFullPath(context.Layers.Host.Source)),
        "inventory_file" => Path.GetFullPath(context.Layers.Host.Source),
        "playbook_dir" => Directory.GetCurrentDirectory(),
        "ansible_version" => new Mapping { ["full"] = "2.14.18", ["major"] = 2L, ["minor"] = 14L, ["revision"] = 18L, ["string"] = "2.14.18" },
        "ansible_check_mode" => false,
        "omit" => Omit,
        _ => context.Scopes.Store.Groups.TryGet("all", out var hosts) ? hosts : null,
    };
}
