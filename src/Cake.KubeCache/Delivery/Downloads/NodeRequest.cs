using System.Globalization;
using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Delivery.Downloads;

/// <summary>A request in the words of the tool on the node that makes it: curl's configuration (<c>-K</c>) and a wgetrc.</summary>
/// <param name="Tls">How the server's certificate is judged.</param>
/// <param name="Proxy">The node's proxies; where there are none, its environment decides.</param>
/// <param name="Limits">How long it may take, and how fast it may be.</param>
internal sealed record NodeRequest(TlsProfile Tls, ProxySettings Proxy, NodeRequestLimits Limits)
{
    /// <summary>Both texts, with the line between them that the script looks for.</summary>
    /// <exception cref="KubeCacheException">A value has a line end, or a certificate of ours would have to go to the node (<see cref="ErrorKind.Input"/>).</exception>
    public string Text(HttpRequestMessage request, string? body)
    {
        if (Tls.ClientCertificateFile is not null)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("a node cannot present a client certificate that is on this machine")
            {
                Where = new SourcePosition(Tls.ClientCertificateFile),
                Hint = "set download_localhost: true, so that this machine downloads; or name a mirror without client certificates for the nodes",
            });
        }

        var url = request.RequestUri!.AbsoluteUri;
        var headers = Headers(request).ToList();
        var text = new StringBuilder();
        foreach (var (name, value) in Curl(request, url, headers, body))
        {
            text.Append(name).Append(value is null ? "" : $" = {Quote(value)}").Append('\n');
        }

        text.Append("--\n").Append(Checked(url)).Append('\n');
        foreach (var (name, value) in Wget(request, headers, body))
        {
            text.Append(name).Append(" = ").Append(Checked(value)).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Headers(HttpRequestMessage request)
    {
        foreach (var (name, values) in request.Headers.Where(h => h.Key is not (SpoolHeader.Name or "Host")))
        {
            // One line for each name: wget keeps the last of several.
            yield return $"{name}: {string.Join(name == "User-Agent" ? " " : ", ", values)}";
        }

        foreach (var (name, values) in request.Content?.Headers.AsEnumerable() ?? [])
        {
            yield return $"{name}: {string.Join(", ", values)}";
        }
    }

    private IEnumerable<(string Name, string? Value)> Curl(HttpRequestMessage request, string url, IEnumerable<string> headers, string? body)
    {
        yield return ("url", url);
        yield return ("http1.1", null);
        yield return ("suppress-connect-headers", null);
        yield return ("connect-timeout", Seconds(Limits.Connecting));
        // curl's own word for standing still.
        yield return ("speed-limit", "1");
        yield return ("speed-time", Seconds(Limits.Silence));
        if (Limits.BytesPerSecond is { } rate)
        {
            yield return ("limit-rate", rate.ToString(CultureInfo.InvariantCulture));
        }

        if (request.Method == HttpMethod.Head)
        {
            yield return ("head", null);
        }

        if (body is not null)
        {
            yield return ("data-raw", body);
        }

        if (!Tls.Verify)
        {
            yield return ("insecure", null);
        }

        if (HasProxies)
        {
            yield return Through(request.RequestUri!) is { } proxy ? ("proxy", proxy.OriginalString) : ("noproxy", "*");
        }

        foreach (var header in headers)
        {
            yield return ("header", header);
        }
    }

    private IEnumerable<(string Name, string Value)> Wget(HttpRequestMessage request, IEnumerable<string> headers, string? body)
    {
        yield return ("tries", "1");
        yield return ("max_redirect", "0");
        yield return ("content_on_error", "on");
        yield return ("auth_no_challenge", "off");
        yield return ("netrc", "off");
        yield return ("connect_timeout", Seconds(Limits.Connecting));
        yield return ("read_timeout", Seconds(Limits.Silence));
        if (Limits.BytesPerSecond is { } rate)
        {
            yield return ("limit_rate", rate.ToString(CultureInfo.InvariantCulture));
        }

        if (request.Method != HttpMethod.Get)
        {
            yield return ("method", request.Method.Method);
        }

        if (body is not null)
        {
            yield return ("body_data", body);
        }

        if (!Tls.Verify)
        {
            yield return ("check_certificate", "off");
        }

        if (HasProxies)
        {
            var proxy = Through(request.RequestUri!);
            yield return ("use_proxy", proxy is null ? "off" : "on");
            if (proxy is not null)
            {
                yield return ("http_proxy", proxy.OriginalString);
                yield return ("https_proxy", proxy.OriginalString);
            }
        }

        foreach (var header in headers)
        {
            yield return ("header", header);
        }
    }

    private bool HasProxies => Proxy.Http is not null || Proxy.Https is not null;

    private Uri? Through(Uri url)
    {
        var rules = new ProxyRules(Proxy);
        return rules.IsBypassed(url) ? null : rules.GetProxy(url);
    }

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string Quote(string value) => $"\"{Checked(value).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Checked(string value) => value.AsSpan().IndexOfAny('\n', '\r', '\0') < 0
        ? value
        : throw new KubeCacheException(ErrorKind.Input, new Fault("a request for a node has a line end in it") { Expected = "URLs, credentials and headers without line ends" });
}

/// <summary>How long a node's request may take, and how fast it may be.</summary>
/// <param name="Connecting">For the connection.</param>
/// <param name="Silence">Without any byte.</param>
/// <param name="BytesPerSecond">At most, or null.</param>
internal sealed record NodeRequestLimits(TimeSpan Connecting, TimeSpan Silence, long? BytesPerSecond);
