using Cake.KubeCache.Model;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Judges what a host shows during key exchange: a plain key, or a certificate over one.</summary>
internal static class HostKeyCheck
{
    /// <summary>Null when the host is trusted, else why not.</summary>
    public static Fault? Judge(KnownHosts known, SshEndpoint endpoint, HostKeyEventArgs shown)
    {
        if (shown.Certificate is not { } certificate)
        {
            return known.Judge(KeyType(shown.HostKeyName), shown.HostKey);
        }

        if (endpoint.HostKeys == HostKeyPolicy.Off)
        {
            return null;
        }

        var got = $"certificate '{certificate.KeyId}' of authority {certificate.CertificateAuthorityKeyFingerPrint}";
        if (!known.TrustsAuthority(certificate.CertificateAuthorityKey))
        {
            return new Fault($"the host certificate of {endpoint.Name} ({endpoint.Address}) is from an authority that is not trusted for it")
            {
                Got = got,
                Expected = $"a @cert-authority entry for {endpoint.KnownHostsName} in {string.Join(", ", endpoint.KnownHostsFiles)}",
            };
        }

        var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        if (certificate.Type != Certificate.CertificateType.Host || now < certificate.ValidAfterUnixSeconds || now >= certificate.ValidBeforeUnixSeconds)
        {
            return new Fault($"the host certificate of {endpoint.Name} ({endpoint.Address}) is not valid now, or not for hosts")
            {
                Got = $"{got}, {certificate.Type}, valid {certificate.ValidAfter:u} to {certificate.ValidBefore:u}",
            };
        }

        var host = endpoint.HostKeyAlias ?? endpoint.Host;
        if (certificate.ValidPrincipals.Count > 0 && !certificate.ValidPrincipals.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            return new Fault($"the host certificate of {endpoint.Name} ({endpoint.Address}) names other hosts")
            {
                Got = string.Join(", ", certificate.ValidPrincipals),
                Expected = host,
            };
        }

        return null;
    }

    /// <summary>known_hosts names the kind of key; key exchange names the kind of signature.</summary>
    public static string KeyType(string algorithm) => algorithm.StartsWith("rsa-sha2", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
}
