using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;
using Shouldly;

namespace Cake.KubeCache.Tests.Transport;

public sealed class ProxyRulesTests
{
    [Theory]
    [InlineData("example.com", "https://example.com/", true)]
    [InlineData("example.com", "https://a.example.com/", true)]
    [InlineData("example.com", "https://notexample.com/", false)]
    [InlineData(".example.com", "https://a.example.com/", true)]
    [InlineData("*.example.com", "https://a.example.com/", true)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3/", false)]
    [InlineData("fd00::/8", "http://[fd00::1]/", true)]
    [InlineData("10.1.2.3", "http://10.1.2.3:5000/", true)]
    [InlineData("host:5000", "http://host:5000/", true)]
    [InlineData("host:5000", "http://host/", false)]
    [InlineData("*", "http://anything/", true)]
    [InlineData("a, b ,c", "http://b/", true)]
    [InlineData("", "http://127.0.0.1/", true)]
    [InlineData("", "http://example.com/", false)]
    public void No_proxy_names_hosts_suffixes_blocks_and_ports(string no, string url, bool direct) =>
        new ProxyRules(new ProxySettings("http://p:1", "http://p:2", no, null)).IsBypassed(new Uri(url)).ShouldBe(direct);

    [Fact]
    public void The_urls_scheme_chooses_the_proxy_and_none_means_direct()
    {
        var rules = new ProxyRules(new ProxySettings("p:1", null, null, null));

        rules.GetProxy(new Uri("http://x/"))!.ToString().ShouldBe("http://p:1/");
        rules.IsBypassed(new Uri("https://x/")).ShouldBeTrue();
    }

    [Fact]
    public void The_environment_counts_only_where_the_inventory_says_nothing()
    {
        var environment = new Dictionary<string, string> { ["HTTPS_PROXY"] = "http://env:1", ["no_proxy"] = "internal" };

        ProxyRules.Resolve(ProxySettings.None, environment).ShouldBe(new ProxySettings(null, "http://env:1", "internal", null));
        ProxyRules.Resolve(new ProxySettings("http://own:1", null, null, null), environment).ShouldBe(new ProxySettings("http://own:1", null, null, null));
    }
}
