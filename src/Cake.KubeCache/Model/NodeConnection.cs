namespace Cake.KubeCache.Model;

/// <summary>How a node is reached.</summary>
public abstract record NodeConnection;

/// <summary><c>ansible_connection=local</c>: the node is this machine.</summary>
public sealed record LocalConnection : NodeConnection;

/// <summary><c>ansible_connection=ssh</c>, in Ansible's variables.</summary>
public sealed record SshConnection : NodeConnection
{
    /// <summary><c>ansible_host</c>, or the inventory name.</summary>
    public required string Host { get; init; }

    /// <summary><c>ansible_port</c>; null means what ssh_config says, or 22.</summary>
    public int? Port { get; init; }

    /// <summary><c>ansible_user</c>; null means what ssh_config says, or the caller's user.</summary>
    public string? User { get; init; }

    /// <summary><c>ansible_password</c> / <c>ansible_ssh_pass</c>.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>ansible_ssh_private_key_file</c>.</summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>Passphrase of the private key (<c>ansible_ssh_private_key_passphrase</c>).</summary>
    public Secret? PrivateKeyPassphrase { get; init; }

    /// <summary><c>ansible_ssh_common_args</c> and <c>ansible_ssh_extra_args</c>, as one shell-quoted text.</summary>
    public string? Arguments { get; init; }

    /// <summary>The host to jump through, where the inventory has a <c>bastion</c> host.</summary>
    public SshConnection? Bastion { get; init; }

    /// <summary>Whether host keys are checked (<c>ansible_host_key_checking</c>, <c>ansible_ssh_host_key_checking</c>); true unless named otherwise.</summary>
    public bool CheckHostKey { get; init; } = true;
}
