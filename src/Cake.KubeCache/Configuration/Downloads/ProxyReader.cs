using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Proxies of a host.</summary>
internal static class ProxyReader
{
    private static readonly string[] Networks = ["kube_service_addresses", "kube_pods_subnet", "kube_service_addresses_ipv6", "kube_pods_subnet_ipv6"];

    private static readonly string[] Addresses = ["access_ip", "ip", "ansible_host"];
    private static readonly string[] Groups = ["k8s_cluster", "etcd", "calico_rr"];

    /// <summary>
    /// Reads <c>http_proxy</c>, <c>https_proxy</c>, <c>no_proxy</c> and <c>https_proxy_cert_file</c>. Where there is a proxy and no <c>no_proxy</c>, it is
    /// derived as Kubespray's tasks do: the cluster's hosts and networks, the local host, and <c>additional_no_proxy</c>.
    /// </summary>
    public static ProxySettings Read(TypedVariables variables)
    {
        var (http, https) = (variables.Text("http_proxy"), variables.Text("https_proxy"));
        var direct = variables.Text("no_proxy");
        if (direct is null && (http ?? https) is not null)
        {
            direct = Derived(variables);
        }

        return new ProxySettings(http, https, direct, variables.Text("https_proxy_cert_file"));
    }

    private static string Derived(TypedVariables variables)
    {
        var entries = new List<string?> { variables.Text("additional_no_proxy"), variables.Text("apiserver_loadbalancer_domain_name") };
        if (variables.Value("loadbalancer_apiserver") is Mapping balancer && balancer.TryGet("address", out var address))
        {
            entries.Add(PythonText.Str(address));
        }

        var domain = variables.Text("dns_domain") ?? variables.Text("cluster_name");
        foreach (var host in Hosts(variables))
        {
            entries.AddRange([host, domain is null ? null : $"{host}.{domain}"]);
            if (variables.Value("hostvars") is IIndexed all && all.TryIndex(host, out var known) && known is IIndexed own)
            {
                entries.AddRange(Addresses.Select(n => own.TryIndex(n, out var value) && value is not (null or Undefined) ? PythonText.Str(value) : null));
            }
        }

        entries.AddRange(["127.0.0.1", "localhost", .. Networks.Select(variables.Text), "svc", domain is null ? null : "svc." + domain]);
        return string.Join(',', entries.OfType<string>().Where(e => e.Length > 0).Distinct());
    }

    private static IEnumerable<string> Hosts(TypedVariables variables) => variables.Value("groups") is Mapping groups
        ? Groups.SelectMany(g => groups.TryGet(g, out var hosts) && hosts is Sequence list ? list : []).Select(PythonText.Str).Distinct()
        : [];
}
