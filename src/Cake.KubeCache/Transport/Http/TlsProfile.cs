using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>How one server's certificate is judged, and with what certificate we present ourselves.</summary>
/// <param name="Verify">Whether the certificate is judged at all (<c>download_validate_certs</c>, skip-verify of a mirror).</param>
/// <param name="AuthorityFiles">PEM files of authorities trusted besides the system's.</param>
/// <param name="ClientCertificateFile">PEM file of our certificate, or null.</param>
/// <param name="ClientKeyFile">PEM file of its key; null when it is in the same file.</param>
internal sealed record TlsProfile(bool Verify, string AuthorityFiles = "", string? ClientCertificateFile = null, string? ClientKeyFile = null)
{
    /// <summary>Separates several authority files; a record of plain text is a key of the client pool.</summary>
    public const char Separator = '\n';

    /// <summary>The options for connections under this profile.</summary>
    /// <exception cref="KubeCacheException">A file is missing or no PEM (<see cref="ErrorKind.Input"/>).</exception>
    public SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions();
        if (!Verify)
        {
#pragma warning disable CA5359 // The inventory says so for this server (download_validate_certs: false, skip_verify); content is still verified by digest.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (AuthorityFiles.Length > 0)
        {
            var authorities = new X509Certificate2Collection();
            foreach (var file in AuthorityFiles.Split(Separator))
            {
                Load(file, () => authorities.ImportFromPemFile(file));
            }

            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, authorities);
        }

        if (ClientCertificateFile is { } path)
        {
            Load(path, () => options.ClientCertificates = [X509Certificate2.CreateFromPemFile(path, ClientKeyFile)]);
        }

        return options;
    }

    private static void Load(string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("a certificate file cannot be read") { Where = new SourcePosition(file), Got = e.Message, Expected = "PEM" }, e);
        }
    }

    private static bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // A wrong name stays wrong whoever signed it.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(e => e.Certificate).ToArray());
        }

        using var leaf = new X509Certificate2(certificate);
        return own.Build(leaf);
    }
}
