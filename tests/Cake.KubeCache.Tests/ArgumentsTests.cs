using System.Reflection;
using Cake.Core;
using Cake.KubeCache.Model;
using Shouldly;

namespace Cake.KubeCache.Tests;

/// <summary>Settings out of arguments, and out of the environment where an argument is not given.</summary>
public sealed class ArgumentsTests
{
    // What only code can give, and what Cake's own --dryrun says.
    private static readonly string[] OfCode = ["Artifacts", "BeforeNode", "AfterNode", "LeanTargets", "DryRun"];

    private static readonly Dictionary<string, string> Values = new()
    {
        ["inventory"] = "hosts.yml",
        ["catalogue"] = "../kubespray",
        ["set"] = "a=b",
        ["limit"] = "etcd",
        ["cache"] = "/c",
        ["plan-output"] = "p.json",
        ["report"] = "r.html",
        ["graph"] = "g.svg",
        ["repair"] = "true",
        ["keep"] = "7",
        ["explain"] = "x",
        ["refresh"] = "yes",
        ["lock-file"] = "l.yml",
        ["image-archive"] = "a.tar",
        ["kubespray-cache"] = "/k",
        ["docker-engine"] = "unix:///d",
        ["vault-password-file"] = "v",
        ["known-hosts"] = "h",
        ["accept-new-host-keys"] = "1",
        ["connect-timeout"] = "3",
        ["max-downloads"] = "2",
        ["max-connections"] = "5",
        ["serial"] = "1,50%",
        ["prune-nodes"] = "on",
        ["max-pushes"] = "4",
        ["max-rate"] = "20MB/s",
    };

    /// <summary>All arguments.</summary>
    public static TheoryData<string> Names => [.. KubeCacheArguments.All.Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_argument_sets_the_same_as_its_variable(string name)
    {
        var variable = KubeCacheArguments.All.Single(a => a.Name == name).EnvironmentVariable;
        variable.ShouldBe("KUBECACHE_" + name.Replace('-', '_').ToUpperInvariant());

        var given = Changed(Read(new() { [name] = [Values[name]] }, []));
        var found = Changed(Read([], new() { [variable] = Values[name] }));

        given.ShouldHaveSingleItem();
        found.ShouldBe(given);
    }

    [Fact]
    public void Every_setting_can_come_from_an_argument() => typeof(KubeCacheSettings).GetProperties().Select(p => p.Name).Except(OfCode)
        .Except(Names.SelectMany(row => Changed(Read(new() { [row.Data] = [Values[row.Data]] }, [])).Keys)).ShouldBeEmpty();

    [Fact]
    public void An_argument_wins_over_its_variable_and_repeatable_ones_stand_one_a_line()
    {
        var settings = Read(new() { ["limit"] = ["a", "b"] }, new() { ["KUBECACHE_LIMIT"] = "c", ["KUBECACHE_SET"] = "x=1\n\n  y=2, z\n", ["KUBECACHE_CACHE"] = "  " });

        settings.Limits.ShouldBe(["a", "b"]);
        settings.Variables.ShouldBe(["x=1", "y=2, z"]);
        settings.Cache.ShouldBeNull();
    }

    [Fact]
    public void Wrong_values_are_told_together_and_name_where_they_stand()
    {
        var error = Should.Throw<KubeCacheException>(() => Read(new() { ["max-rate"] = ["fast"], ["cache"] = ["a", "b"] }, new() { ["KUBECACHE_KEEP"] = "-1", ["KUBECACHE_REFRESH"] = "maybe" }));

        error.Kind.ShouldBe(ErrorKind.Input);
        error.Faults.Select(f => f.What).ShouldBe(["--cache is given 2 times", "KUBECACHE_KEEP has no valid value", "KUBECACHE_REFRESH has no valid value", "--max-rate has no valid value"], ignoreOrder: true);
    }

    private static KubeCacheSettings Read(Dictionary<string, string[]> arguments, Dictionary<string, string> environment) => KubeCacheArguments.Read(Stub<ICakeContext>((method, _) => method switch
    {
        "get_Arguments" => Stub<ICakeArguments>((call, parameters) => call switch
        {
            "HasArgument" => arguments.ContainsKey((string)parameters[0]!),
            "GetArguments" => (ICollection<string>)arguments[(string)parameters[0]!],
            _ => throw new NotSupportedException(call),
        }),
        "get_Environment" => Stub<ICakeEnvironment>((call, parameters) => call == "GetEnvironmentVariable" ? environment.GetValueOrDefault((string)parameters[0]!) : throw new NotSupportedException(call)),
        _ => throw new NotSupportedException(method),
    }));

    // The settings that are not as they are by default, as texts.
    private static Dictionary<string, string> Changed(KubeCacheSettings settings)
    {
        var defaults = new KubeCacheSettings();
        return typeof(KubeCacheSettings).GetProperties().Where(p => Text(p, settings) != Text(p, defaults)).ToDictionary(p => p.Name, p => Text(p, settings));

        static string Text(PropertyInfo property, KubeCacheSettings of) => property.GetValue(of) switch
        {
            System.Collections.IEnumerable list and not string => string.Join('|', list.Cast<object>()),
            Cake.Core.IO.Path path => path.FullPath,
            var other => $"{other}",
        };
    }

    private static T Stub<T>(Func<string, object?[], object?> answer)
        where T : class
    {
        var stub = DispatchProxy.Create<T, Answering>();
        ((Answering)(object)stub).Answer = answer;
        return stub;
    }

    /// <summary>An interface whose calls a function answers.</summary>
    public class Answering : DispatchProxy
    {
        /// <summary>Method name and arguments → what it returns.</summary>
        internal Func<string, object?[], object?> Answer { get; set; } = null!;

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!.Name, args ?? []);
    }
}
