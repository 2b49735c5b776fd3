using System.Net;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Http;

/// <summary>
/// Which proxy a URL goes through: <c>http_proxy</c> and <c>https_proxy</c> by the URL's scheme, unless <c>no_proxy</c> names the
/// host (a name, which covers its subdomains; <c>.suffix</c>; an address or CIDR block; each with an optional port; or <c>*</c>).
/// This machine is always reached directly.
/// </summary>
internal sealed class ProxyRules : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _direct;

    public ProxyRules(ProxySettings settings)
    {
        (_http, _https) = (Parse(settings.Http), Parse(settings.Https));
        _direct = (settings.No ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Credentials = new ProxyCredentials();
    }

    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <summary>The inventory's settings, or where it has none the environment's (lower-case names first, as curl reads them).</summary>
    public static ProxySettings Resolve(ProxySettings settings, IReadOnlyDictionary<string, string> environment)
    {
        if (settings.Http is not null || settings.Https is not null)
        {
            return settings;
        }

        return settings with { Http = Variable("http_proxy"), Https = Variable("https_proxy"), No = settings.No ?? Variable("no_proxy") };

        string? Variable(string name) =>
            environment.TryGetValue(name, out var value) || environment.TryGetValue(name.ToUpperInvariant(), out value) ? value : null;
    }

    /// <inheritdoc/>
    public Uri? GetProxy(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => GetProxy(host) is null || host.IsLoopback || _direct.Any(rule => Covers(rule, host));

    private static Uri? Parse(string? proxy) =>
        string.IsNullOrWhiteSpace(proxy) ? null
        : Uri.TryCreate(proxy.Contains("://", StringComparison.Ordinal) ? proxy : "http://" + proxy, UriKind.Absolute, out var uri) ? uri
        : throw new KubeCacheException(ErrorKind.Input, new Fault("the proxy is no URL") { Expected = "http://host:port (http_proxy, https_proxy)" });

    private static bool Covers(string rule, Uri url)
    {
        if (rule == "*")
        {
            return true;
        }

        if (rule.Contains('/') && IPNetwork.TryParse(rule, out var network))
        {
            return IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && network.Contains(address);
        }

        if (rule.LastIndexOf(':') is > 0 and var colon && rule.IndexOf(':') == colon && int.TryParse(rule.AsSpan(colon + 1), out var port))
        {
            if (port != url.Port)
            {
                return false;
            }

            rule = rule[..colon];
        }

        var name = rule.TrimStart('*').TrimStart('.').Trim('[', ']');
        var host = url.Host.Trim('[', ']');
        return name.Length > 0 && (host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Takes user and password out of the proxy's URL; they are percent-encoded there.</summary>
    private sealed class ProxyCredentials : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType) =>
            uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var rest]
                ? new NetworkCredential(Uri.UnescapeDataString(user), rest is [var password] ? Uri.UnescapeDataString(password) : "")
                : null;
    }
}
