using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Facts as variables.</summary>
internal static class FactVariables
{
    private static readonly string[] Names = ["architecture", "system", "os_family", "distribution", "distribution_version", "distribution_major_version", "distribution_release"];

    /// <summary>Whether a name is a fact's.</summary>
    public static bool Is(string name) => name is "ansible_architecture" or "ansible_system" or "ansible_os_family" or "ansible_distribution" or
        "ansible_distribution_version" or "ansible_distribution_major_version" or "ansible_distribution_release" or "host_architecture" or "ansible_facts";

    /// <summary>The value of a fact's variable.</summary>
    public static object? Get(string name, HostFacts facts, IScope scope) => name switch
    {
        "ansible_architecture" => facts.Architecture,
        "ansible_system" => facts.System,
        "ansible_os_family" => facts.OsFamily,
        "ansible_distribution" => facts.Distribution,
        "ansible_distribution_version" => facts.DistributionVersion,
        "ansible_distribution_major_version" => facts.DistributionVersion.Split('.')[0],
        "ansible_distribution_release" => facts is { Distribution: "Debian", DistributionVersion: "12" } ? "bookworm" : Undefined.Name(name),
        "host_architecture" => Architecture(scope),
        _ => Facts(scope),
    };

    /// <summary>The name that release files use for an architecture, from <c>ansible_architecture</c>, wherever that comes from.</summary>
    private static string Architecture(IScope scope)
    {
        scope.TryResolve("ansible_architecture", out var machine);
        return PythonText.Str(machine) switch
        {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "armv7l" => "arm",
            var other => other,
        };
    }

    /// <summary><c>ansible_facts</c>: the same facts without their prefix.</summary>
    private static Mapping Facts(IScope scope)
    {
        var facts = new Mapping { IsShared = true };
        foreach (var name in Names)
        {
            if (scope.TryResolve("ansible_" + name, out var value) && value is not Undefined)
            {
                facts[name] = value;
            }
        }

        return facts;
    }
}
