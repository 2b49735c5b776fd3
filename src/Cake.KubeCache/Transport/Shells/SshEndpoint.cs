using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>What to do with a host key that no file knows.</summary>
internal enum HostKeyPolicy
{
    /// <summary>Refuse it.</summary>
    Strict,

    /// <summary>Take it and remember it; a changed key is still refused.</summary>
    AcceptNew,

    /// <summary>Take whatever comes (<c>ansible_host_key_checking=false</c>).</summary>
    Off,
}

/// <summary>Everything that is needed to log in to one host: the inventory's variables with ssh_config and defaults applied.</summary>
internal sealed record SshEndpoint
{
    /// <summary>The inventory name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Name or address to connect to.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public int Port { get; init; } = 22;

    /// <summary>Login user.</summary>
    public required string User { get; init; }

    /// <summary>Login password, or null.</summary>
    public Secret? Password { get; init; }

    /// <summary>Key files that somebody named: they are tried before all others, and it is an error when they cannot be read.</summary>
    public IReadOnlyList<string> NamedKeys { get; init; } = [];

    /// <summary>Key files that are tried when they are there.</summary>
    public IReadOnlyList<string> DefaultKeys { get; init; } = [];

    /// <summary>Passphrase of the key files, or null.</summary>
    public Secret? Passphrase { get; init; }

    /// <summary>Socket of the agent, or null for none.</summary>
    public string? AgentSocket { get; init; }

    /// <summary>Whether only the named keys may be offered, even if the agent has more (<c>IdentitiesOnly</c>).</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>Files of known host keys.</summary>
    public IReadOnlyList<string> KnownHostsFiles { get; init; } = [];

    /// <summary>What the host is called in them (<c>HostKeyAlias</c>); null for host and port.</summary>
    public string? HostKeyAlias { get; init; }

    /// <summary>What to do with unknown keys.</summary>
    public HostKeyPolicy HostKeys { get; init; }

    /// <summary>The host to connect through, or null.</summary>
    public SshEndpoint? Jump { get; init; }

    /// <summary>A command whose standard input and output are the connection (<c>ProxyCommand</c>), or null.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>How the host is listed in known_hosts: <c>host</c>, or <c>[host]:port</c> for another port than 22.</summary>
    public string KnownHostsName => HostKeyAlias ?? (Port == 22 ? Host : $"[{Host}]:{Port}");

    /// <summary><c>user@host:port</c>.</summary>
    public string Address => Host.Contains(':') ? $"{User}@[{Host}]:{Port}" : $"{User}@{Host}:{Port}";
}
