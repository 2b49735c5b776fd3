namespace Cake.KubeCache.Configuration;

/// <summary>What a configuration is made from.</summary>
internal sealed record ConfigurationRequest
{
    /// <summary>Inventory files, folders and executables, in order.</summary>
    public required IReadOnlyList<string> Inventories { get; init; }

    /// <summary>A Kubespray checkout, a folder of YAML files, or a YAML file; null where the inventory defines the downloads itself.</summary>
    public string? Catalogue { get; init; }

    /// <summary><c>key=value</c> or <c>@file.yml</c>; see <see cref="Variables.ExtraVariables"/> for how values are read.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Hosts, groups and Ansible's patterns of them; no limit means every host.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>File with the vault password, or an executable that prints it; null for what the environment says.</summary>
    public string? VaultPasswordFile { get; init; }

    /// <summary>Versions that a lock file has chosen for ranges, by the name of the variable; they count while they are in the range.</summary>
    public IReadOnlyDictionary<string, string> LockedVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of the control machine: <c>lookup('env')</c> and vault passwords.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
