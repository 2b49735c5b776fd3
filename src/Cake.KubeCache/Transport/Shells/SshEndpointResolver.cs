using System.Globalization;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>
/// Turns what the inventory says about a host into what is needed to log in to it. High to low: the inventory's own variables,
/// <c>ansible_ssh_common_args</c>, the user's and the system's ssh_config, OpenSSH's defaults.
/// </summary>
internal static class SshEndpointResolver
{
    private const int DeepestJump = 8;
    private static readonly string[] DefaultKeyNames = ["id_ed25519", "id_ecdsa", "id_rsa"];

    /// <summary>Applies arguments, configuration and defaults to a connection.</summary>
    /// <param name="name">The inventory name.</param>
    /// <param name="connection">The inventory's variables.</param>
    /// <param name="settings">Defaults of the caller.</param>
    /// <exception cref="KubeCacheException">Arguments or configuration cannot be read, or jump in a circle (<see cref="ErrorKind.Input"/>).</exception>
    public static SshEndpoint Resolve(string name, SshConnection connection, ConnectSettings settings) => Resolve(name, connection, settings, 0);

    private static SshEndpoint Resolve(string name, SshConnection connection, ConnectSettings settings, int depth)
    {
        if (depth > DeepestJump)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"the jump hosts of {name} lead in a circle") { Hint = "look at ProxyJump in ssh_config" });
        }

        var options = Options(name, connection, settings);
        var ssh = Path.Combine(settings.Home, ".ssh");
        var host = (options["HostName"] ?? connection.Host).Replace("%h", connection.Host, StringComparison.Ordinal);
        var endpoint = new SshEndpoint
        {
            Name = name,
            Host = host,
            Port = connection.Port ?? Port(options["Port"], name),
            User = connection.User ?? options["User"] ?? settings.Environment.GetValueOrDefault("USER") ?? Environment.UserName,
            Password = connection.Password,
            DefaultKeys = [.. DefaultKeyNames.Select(n => Path.Combine(ssh, n))],
            Passphrase = connection.PrivateKeyPassphrase,
            IdentitiesOnly = options.IsYes("IdentitiesOnly"),
            HostKeyAlias = options["HostKeyAlias"],
            HostKeys = Policy(connection, options, settings),
        };
        string Tokens(string text) => SshPaths.Expand(text, settings, endpoint);
        return endpoint with
        {
            // What the inventory names has to be there; OpenSSH passes over what the configuration names and is not.
            NamedKeys = [.. new[] { connection.PrivateKeyFile }.OfType<string>().Select(Tokens).Concat(options.All("IdentityFile").Select(Tokens).Where(File.Exists)).Distinct()],
            AgentSocket = options["IdentityAgent"] is { } socket and not "SSH_AUTH_SOCK" ? socket == "none" ? null : Tokens(socket) : settings.Environment.GetValueOrDefault("SSH_AUTH_SOCK"),
            KnownHostsFiles = settings.KnownHostsFiles ??
            [
                .. options["UserKnownHostsFile"] is { } files ? ShellWords.Split(files).Where(f => f != "none").Select(Tokens) : [Path.Combine(ssh, "known_hosts"), Path.Combine(ssh, "known_hosts2")],
                .. options["GlobalKnownHostsFile"] is { } global ? ShellWords.Split(global).Where(f => f != "none").Select(Tokens) : ["/etc/ssh/ssh_known_hosts"],
            ],
            Jump = Jump(name, connection, options, settings, depth),
            // A jump host that the inventory names goes before a command that the configuration has.
            ProxyCommand = connection.Bastion is null && options.UnlessNone("ProxyJump") is null ? options.UnlessNone("ProxyCommand") : null,
        };
    }

    private static SshOptions Options(string name, SshConnection connection, ConnectSettings settings)
    {
        var options = SshArguments.Parse(connection.Arguments, name);
        string[] files = options[SshConfig.FileOption] is { } only
            ? [SshPaths.Expand(only, settings)]
            : [settings.SshConfigFile ?? Path.Combine(settings.Home, ".ssh", "config"), "/etc/ssh/ssh_config"];
        options.AddFrom(SshConfig.For(connection.Host, files, settings));
        return options;
    }

    private static int Port(string? text, string name) => text is null ? 22 : int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
        ? port
        : throw new KubeCacheException(ErrorKind.Input, new Fault($"the SSH port of {name} is no port") { Got = text });

    private static HostKeyPolicy Policy(SshConnection connection, SshOptions options, ConnectSettings settings) =>
        !connection.CheckHostKey ? HostKeyPolicy.Off : options["StrictHostKeyChecking"]?.ToUpperInvariant() switch
        {
            "NO" or "OFF" or "FALSE" => HostKeyPolicy.Off,
            "ACCEPT-NEW" => HostKeyPolicy.AcceptNew,
            // "ask" asks at a terminal; nobody sits there.
            _ => settings.AcceptNewHostKeys ? HostKeyPolicy.AcceptNew : HostKeyPolicy.Strict,
        };

    private static SshEndpoint? Jump(string name, SshConnection connection, SshOptions options, ConnectSettings settings, int depth)
    {
        if (connection.Bastion is { } bastion)
        {
            return Resolve($"{name}'s bastion", bastion, settings, depth + 1);
        }

        if (options.UnlessNone("ProxyJump") is not { } hops)
        {
            return null;
        }

        SshConnection? through = null;
        foreach (var hop in hops.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            through = Hop(hop, connection) with { Bastion = through };
        }

        return through is null ? null : Resolve($"{name}'s jump host {through.Host}", through, settings, depth + 1);
    }

    /// <summary><c>[user@]host[:port]</c> or <c>ssh://…</c>. A hop is logged in to with its own settings, the target's key file, and never with the target's password.</summary>
    private static SshConnection Hop(string text, SshConnection target)
    {
        text = text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase) ? text[6..].TrimEnd('/') : text;
        var at = text.LastIndexOf('@');
        var user = at < 0 ? null : text[..at];
        var host = text[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (colon > 0 && !host.EndsWith(']') && (host[0] == '[' || host.IndexOf(':') == colon))
        {
            port = Port(host[(colon + 1)..], text);
            host = host[..colon];
        }

        return new SshConnection
        {
            Host = host.Trim('[', ']'),
            Port = port,
            User = user,
            PrivateKeyFile = target.PrivateKeyFile,
            PrivateKeyPassphrase = target.PrivateKeyPassphrase,
            CheckHostKey = target.CheckHostKey,
        };
    }
}
