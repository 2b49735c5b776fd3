using System.Text.Json;
using System.Text.Json.Nodes;
using Cake.KubeCache.Configuration;
using Cake.KubeCache.Configuration.Values;
using Shouldly;

namespace Cake.KubeCache.Tests.Configuration.Templates;

/// <summary>
/// Several hundred templates and what ansible-core 2.14 makes of each: <c>ansible-templates.json</c> over the variables of
/// <c>ansible-variables.yml</c>.
/// </summary>
public sealed class AnsibleTemplatesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Configuration", "Templates");
    private static readonly JsonArray Templates = (JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "ansible-templates.json")))!["cases"]!;
    private static readonly Lazy<HostConfig> Host = new(Load);

    public static TheoryData<string> Cases() => [.. Templates.Select(c => (string)c!["t"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gives_what_Ansible_gives(string template)
    {
        var index = Templates.ToList().FindIndex(c => (string)c!["t"]! == template);
        var expected = Templates[index]!;
        object? actual;
        try
        {
            actual = Host.Value.Value($"case_{index}", HostFacts.Default);
        }
        catch (EvaluationException exception)
        {
            expected["error"].ShouldNotBeNull(exception.Fault.ToString());
            ((string)expected["error"]!).ShouldNotBe("undefined", exception.Fault.ToString());
            return;
        }

        if (actual is Undefined undefined)
        {
            expected["error"].ShouldNotBeNull(undefined.Fault.ToString());
            ((string)expected["error"]!).ShouldBe("undefined", undefined.Fault.ToString());
            return;
        }

        expected["error"].ShouldBeNull($"expected {expected.ToJsonString()} but got {PythonText.Repr(actual)}");
        (Type(actual), Plain(actual)?.ToJsonString()).ShouldBe(((string)expected["type"]!, expected["value"]?.ToJsonString()));
    }

    private static HostConfig Load()
    {
        using var folder = new TemporaryFolder();
        folder.Write("catalogue/cases.yml", new JsonObject(Templates.Select((c, i) => KeyValuePair.Create($"case_{i}", c!["t"]?.DeepClone()))).ToJsonString());
        folder.Write("catalogue/variables.yml", File.ReadAllText(Path.Combine(Folder, "ansible-variables.yml")));
        return ConfigurationLoader.Load(new ConfigurationRequest
        {
            Inventories = [folder.Write("hosts.ini", "[all]\nnode1\n")],
            Catalogue = folder.At("catalogue"),
            Environment = new Dictionary<string, string> { ["KC_TEST_ENV"] = "from env" },
        }).Hosts[0];
    }

    private static string Type(object? value) => value switch
    {
        null => "NoneType",
        string => "str",
        bool => "bool",
        long => "int",
        double => "float",
        Sequence => "list",
        _ => "dict",
    };

    private static JsonNode? Plain(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        long number => JsonValue.Create(number),
        double number => JsonNode.Parse(JsonSerializer.Serialize(number)),
        Sequence sequence => new JsonArray(sequence.Select(Plain).ToArray()),
        Mapping mapping => new JsonArray(mapping.Select(e => (JsonNode?)new JsonArray(Plain(e.Key), Plain(e.Value))).ToArray()),
        _ => throw new InvalidOperationException("a value of unknown kind"),
    };
}
