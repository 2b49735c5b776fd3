using Cake.KubeCache.Model;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Gathers what can be offered to log in to an endpoint, in OpenSSH's order: keys, then password.</summary>
internal sealed class SshCredentials : IDisposable
{
    private readonly List<AuthenticationMethod> _methods = [];
    private readonly List<string> _offered = [];
    private readonly List<string> _passedOver = [];
    private readonly List<PrivateKeyFile> _files = [];

    private SshCredentials()
    {
    }

    /// <summary>What SSH.NET tries, in this order.</summary>
    public AuthenticationMethod[] Methods => [.. _methods];

    /// <summary>What was offered, for messages: no secrets.</summary>
    public string Offered => _offered.Count == 0 ? "nothing" : string.Join(", ", _offered);

    /// <summary>What was there but could not be used, with the reason; null when there is no such thing.</summary>
    public string? PassedOver => _passedOver.Count == 0 ? null : string.Join("; ", _passedOver);

    /// <summary>Reads the keys of an endpoint.</summary>
    /// <exception cref="KubeCacheException">A named key cannot be read, or there is nothing to log in with (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static SshCredentials Gather(SshEndpoint endpoint)
    {
        var credentials = new SshCredentials();
        var keys = new List<IPrivateKeySource>();
        var agent = credentials.AgentKeys(endpoint);
        keys.AddRange(endpoint.NamedKeys.Select(file => credentials.Load(file, endpoint, mustBe: agent.Count == 0)).OfType<PrivateKeyFile>());
        keys.AddRange(agent);
        if (endpoint.NamedKeys.Count == 0)
        {
            keys.AddRange(endpoint.DefaultKeys.Where(File.Exists).Select(file => credentials.Load(file, endpoint, mustBe: false)).OfType<PrivateKeyFile>());
        }

        if (keys.Count > 0)
        {
            credentials._methods.Add(new PrivateKeyAuthenticationMethod(endpoint.User, [.. keys]));
        }

        if (endpoint.Password is { } password)
        {
            credentials.AddPassword(endpoint.User, password);
        }

        if (credentials._methods.Count == 0)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"there is nothing to log in to {endpoint.Name} ({endpoint.Address}) with")
            {
                Got = credentials.PassedOver,
                Expected = $"a key in {string.Join(", ", endpoint.DefaultKeys)}, an agent, ansible_ssh_private_key_file or ansible_password",
            });
        }

        return credentials;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var method in _methods.OfType<IDisposable>())
        {
            method.Dispose();
        }

        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private List<IPrivateKeySource> AgentKeys(SshEndpoint endpoint)
    {
        if (string.IsNullOrEmpty(endpoint.AgentSocket))
        {
            return [];
        }

        try
        {
            var agent = new SshAgent(endpoint.AgentSocket);
            var identities = agent.List();
            if (endpoint.IdentitiesOnly)
            {
                var named = endpoint.NamedKeys.Select(PublicBlob).OfType<byte[]>().ToList();
                identities = [.. identities.Where(i => named.Any(n => n.AsSpan().SequenceEqual(i.Blob)))];
            }

            _offered.AddRange(identities.Select(i => $"agent key {i.Comment}"));
            return [.. identities.Select(i => new SshAgentKey(agent, i))];
        }
        catch (IOException e)
        {
            _passedOver.Add(e.Message);
            return [];
        }
    }

    private static byte[]? PublicBlob(string keyFile) =>
        File.Exists(keyFile + ".pub") && KnownHostEntry.Parse("* " + File.ReadAllText(keyFile + ".pub"), new SourcePosition(keyFile + ".pub")) is { } entry ? entry.Key : null;

    private PrivateKeyFile? Load(string file, SshEndpoint endpoint, bool mustBe)
    {
        try
        {
            var certificate = file + "-cert.pub";
            var key = new PrivateKeyFile(file, endpoint.Passphrase?.Reveal(), File.Exists(certificate) ? certificate : null);
            _files.Add(key);
            _offered.Add(file);
            return key;
        }
        catch (Exception e) when (e is SshException or IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException or FormatException)
        {
            if (!mustBe)
            {
                _passedOver.Add($"{file}: {e.Message}");
                return null;
            }

            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the private key of {endpoint.Name} cannot be used")
            {
                Where = new SourcePosition(file),
                Got = e.Message,
                Hint = e is SshPassPhraseNullOrEmptyException
                    ? "give ansible_ssh_private_key_passphrase, or add the key to an agent (ssh-add)"
                    : "keys of the kinds ed25519, ecdsa and rsa are read, with or without passphrase",
            }, e);
        }
    }

    private void AddPassword(string user, Secret password)
    {
        _methods.Add(new PasswordAuthenticationMethod(user, password.Reveal()));
        var interactive = new KeyboardInteractiveAuthenticationMethod(user);
        interactive.AuthenticationPrompt += (_, e) =>
        {
            // Servers with PAM ask for the password this way; a question whose answer is shown is not about the password.
            foreach (var prompt in e.Prompts.Where(p => !p.IsEchoed))
            {
                prompt.Response = password.Reveal();
            }
        };
        _methods.Add(interactive);
        _offered.Add("password");
    }
}
