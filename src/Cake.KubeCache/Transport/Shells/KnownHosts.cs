using System.Security.Cryptography;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>The host keys that the user trusts, and the judgement over a key that a host shows.</summary>
internal sealed class KnownHosts
{
    private static readonly Lock Writing = new();
    private readonly List<KnownHostEntry> _entries;
    private readonly SshEndpoint _endpoint;

    private KnownHosts(SshEndpoint endpoint, List<KnownHostEntry> entries) => (_endpoint, _entries) = (endpoint, entries);

    /// <summary>Key types that are known for the host, in the order of the files.</summary>
    public IReadOnlyList<string> KeyTypes => [.. _entries.Where(e => e.Marker is null).Select(e => e.KeyType).Distinct()];

    /// <summary>Whether a certificate authority vouches for the host.</summary>
    public bool HasAuthority => _entries.Any(e => e.IsAuthority);

    /// <summary>Reads the entries about one endpoint; files that are not there hold none.</summary>
    /// <exception cref="KubeCacheException">A file cannot be read (<see cref="ErrorKind.Input"/>).</exception>
    public static KnownHosts Load(SshEndpoint endpoint)
    {
        var entries = new List<KnownHostEntry>();
        foreach (var file in endpoint.KnownHostsFiles.Where(File.Exists))
        {
            try
            {
                entries.AddRange(File.ReadLines(file)
                    .Select((line, index) => KnownHostEntry.Parse(line, new SourcePosition(file, index + 1)))
                    .OfType<KnownHostEntry>()
                    .Where(e => e.Matches(endpoint.KnownHostsName)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new KubeCacheException(ErrorKind.Input, new Fault("cannot read the known host keys") { Where = new SourcePosition(file), Got = e.Message }, e);
            }
        }

        return new KnownHosts(endpoint, entries);
    }

    /// <summary>Judges a plain key; null when it is trusted.</summary>
    /// <param name="keyType">Such as <c>ssh-ed25519</c>.</param>
    /// <param name="key">The public key blob.</param>
    public Fault? Judge(string keyType, byte[] key)
    {
        if (_entries.FirstOrDefault(e => e.IsRevoked && e.Key.AsSpan().SequenceEqual(key)) is { } revoked)
        {
            return new Fault($"the host key of {_endpoint.Name} is revoked")
            {
                Where = revoked.Where,
                Got = Describe(keyType, key),
                Hint = "whoever revoked it took it for stolen: give the host a new key",
            };
        }

        if (_endpoint.HostKeys == HostKeyPolicy.Off || _entries.Any(e => e.Marker is null && e.Key.AsSpan().SequenceEqual(key)))
        {
            return null;
        }

        var sameType = _entries.FirstOrDefault(e => e.Marker is null && e.KeyType == keyType) ?? _entries.FirstOrDefault(e => e.Marker is null);
        if (sameType is not null)
        {
            return new Fault($"the host key of {_endpoint.Name} ({_endpoint.Address}) is not the known one: the machine was rebuilt, or somebody listens in")
            {
                Where = sameType.Where,
                Got = Describe(keyType, key),
                Expected = Describe(sameType.KeyType, sameType.Key),
                Hint = $"if the machine was rebuilt: ssh-keygen -R '{_endpoint.KnownHostsName}', then add its new key",
            };
        }

        if (_endpoint.HostKeys == HostKeyPolicy.AcceptNew)
        {
            Remember(keyType, key);
            return null;
        }

        var file = _endpoint.KnownHostsFiles.Count > 0 ? _endpoint.KnownHostsFiles[0] : "~/.ssh/known_hosts";
        return new Fault($"the host key of {_endpoint.Name} ({_endpoint.Address}) is unknown")
        {
            Got = Describe(keyType, key),
            Expected = $"an entry for {_endpoint.KnownHostsName} in {string.Join(", ", _endpoint.KnownHostsFiles)}",
            Hint = $"compare the fingerprint with the machine's (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then: ssh-keyscan{(_endpoint.Port == 22 ? "" : $" -p {_endpoint.Port}")} {_endpoint.Host} >> {file}",
        };
    }

    /// <summary>Whether a certificate authority key is trusted for the host.</summary>
    public bool TrustsAuthority(byte[] authorityKey) => _entries.Any(e => e.IsAuthority && e.Key.AsSpan().SequenceEqual(authorityKey))
        && !_entries.Any(e => e.IsRevoked && e.Key.AsSpan().SequenceEqual(authorityKey));

    /// <summary>The fingerprint as OpenSSH prints it.</summary>
    public static string Describe(string keyType, byte[] key) => $"{keyType} SHA256:{Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=')}";

    private void Remember(string keyType, byte[] key)
    {
        if (_endpoint.KnownHostsFiles.Count == 0)
        {
            return;
        }

        var file = _endpoint.KnownHostsFiles[0];
        lock (Writing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.AppendAllText(file, $"{_endpoint.KnownHostsName} {keyType} {Convert.ToBase64String(key)}\n");
        }
    }
}
