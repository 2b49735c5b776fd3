namespace Cake.KubeCache.Transport.Shells;

/// <summary>How nodes are connected to, apart from what the inventory says about each.</summary>
internal sealed record ConnectSettings
{
    /// <summary>
    /// Files of known host keys instead of <c>~/.ssh/known_hosts</c>, <c>~/.ssh/known_hosts2</c> and <c>/etc/ssh/ssh_known_hosts</c>;
    /// null for those. New keys are added to the first.
    /// </summary>
    public IReadOnlyList<string>? KnownHostsFiles { get; init; }

    /// <summary>Whether the key of a host that no file knows is accepted and added; a changed key never is.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>How long connecting and logging in may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection may be silent before it is asked for a sign of life; without an answer in the same time it counts as broken.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Whether something travels over the connection that has to stay secret for years (sudo's password, credentials of servers): then the key exchange is one
    /// that withstands a quantum computer, where the node has it.
    /// </summary>
    public bool CarriesSecrets { get; init; }

    /// <summary>How often a broken connection is made again within one piece of work.</summary>
    public int Reconnects { get; init; } = 2;

    /// <summary>The bandwidth limit that everything sent over the network keeps; null for none.</summary>
    public RateLimiter? Limiter { get; init; }

    /// <summary>The user's OpenSSH configuration instead of <c>~/.ssh/config</c>; null for that.</summary>
    public string? SshConfigFile { get; init; }

    /// <summary>Environment of the caller: <c>HOME</c>, <c>USER</c>, <c>SSH_AUTH_SOCK</c> are read.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = Current();

    /// <summary>The caller's home folder.</summary>
    public string Home => Environment.GetValueOrDefault("HOME") ?? System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    private static Dictionary<string, string> Current()
    {
        var all = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            all[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return all;
    }
}
