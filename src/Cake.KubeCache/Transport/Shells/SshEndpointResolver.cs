using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Turns what the inventory says about a host into what is needed to log in to it.</summary>
internal static class SshEndpointResolver
{
    private static readonly string[] DefaultKeyNames = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>Applies defaults to a connection; the inventory goes before them.</summary>
    /// <param name="name">The inventory name.</param>
    /// <param name="connection">The inventory's variables.</param>
    /// <param name="settings">Defaults of the caller.</param>
    public static SshEndpoint Resolve(string name, SshConnection connection, ConnectSettings settings)
    {
        var ssh = Path.Combine(settings.Home, ".ssh");
        return new SshEndpoint
        {
            Name = name,
            Host = connection.Host,
            Port = connection.Port ?? 22,
            User = connection.User ?? settings.Environment.GetValueOrDefault("USER") ?? Environment.UserName,
            Password = connection.Password,
            NamedKeys = connection.PrivateKeyFile is { } key ? [SshPaths.Expand(key, settings)] : [],
            DefaultKeys = [.. DefaultKeyNames.Select(n => Path.Combine(ssh, n))],
            Passphrase = connection.PrivateKeyPassphrase,
            AgentSocket = settings.Environment.GetValueOrDefault("SSH_AUTH_SOCK"),
            KnownHostsFiles = settings.KnownHostsFiles ?? [Path.Combine(ssh, "known_hosts"), Path.Combine(ssh, "known_hosts2"), "/etc/ssh/ssh_known_hosts"],
            HostKeys = !connection.CheckHostKey ? HostKeyPolicy.Off : settings.AcceptNewHostKeys ? HostKeyPolicy.AcceptNew : HostKeyPolicy.Strict,
            Jump = connection.Bastion is { } bastion ? Resolve($"{name}'s bastion", bastion, settings) : null,
        };
    }
}
