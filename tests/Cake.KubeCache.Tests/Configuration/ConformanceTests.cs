using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Planning;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>
/// Compares with what Ansible itself evaluated. The folder that <c>KUBECACHE_CONFORMANCE</c> names holds a folder for each release: <c>roles/</c>,
/// <c>inventory/CASE/</c> and <c>expected/CASE.json</c>.
/// </summary>
public sealed class ConformanceTests
{
    private const string Variable = "KUBECACHE_CONFORMANCE";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        var folder = Environment.GetEnvironmentVariable(Variable);
        foreach (var release in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
        {
            var expected = Path.Combine(release, "expected");
            foreach (var file in Directory.Exists(expected) ? Directory.GetFiles(expected, "*.json") : [])
            {
                cases.Add(Path.GetFileName(release), Path.GetFileNameWithoutExtension(file));
            }
        }

        if (cases.Count == 0)
        {
            cases.Add("", "");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluates_what_Ansible_evaluates(string release, string name)
    {
        Assert.SkipWhen(release.Length == 0, $"{Variable} names no folder with cases");
        var folder = Path.Combine(Environment.GetEnvironmentVariable(Variable)!, release);
        var expected = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "expected", name + ".json")))!;
        var inventory = Path.Combine(folder, "inventory", name);
        var config = ConfigurationLoader.Load(new ConfigurationRequest
        {
            Inventories = [new[] { "inventory.ini", "hosts.yml", "hosts.yaml" }.Select(f => Path.Combine(inventory, f)).First(File.Exists)],
            Catalogue = folder,
        });

        var differences = new List<string>();
        var evaluated = config.EvaluateAll(_ => HostFacts.Default);
        foreach (var host in expected.Select(e => e.Key).Union(evaluated.Keys))
        {
            var actual = evaluated.TryGetValue(host, out var downloads) ? Document(downloads) : null;
            Compare($"{host}", expected[host], actual, differences);
        }

        differences.ShouldBeEmpty();
    }

    private static JsonObject Document(HostDownloads downloads)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            HostDocument.Write(json, downloads);
        }

        var document = (JsonObject)JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!;
        document.Remove("kubeadm_images");
        return document;
    }

    private static void Compare(string path, JsonNode? expected, JsonNode? actual, List<string> differences)
    {
        if (expected is JsonObject left && actual is JsonObject right)
        {
            foreach (var key in left.Select(e => e.Key).Union(right.Select(e => e.Key)))
            {
                Compare($"{path}.{key}", left[key], right[key], differences);
            }
        }
        else if (!JsonNode.DeepEquals(expected, actual))
        {
            differences.Add($"{path}: expected {expected?.ToJsonString() ?? "nothing"}, got {actual?.ToJsonString() ?? "nothing"}");
        }
    }
}
