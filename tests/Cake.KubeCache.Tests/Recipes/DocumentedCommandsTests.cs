using System.Text.RegularExpressions;
using Build.Arguments;
using Shouldly;
using YamlDotNet.RepresentationModel;

namespace Cake.KubeCache.Tests.Recipes;

/// <summary>What people copy out of the documentation must at least be understood.</summary>
public sealed partial class DocumentedCommandsTests
{
    /// <summary>Every call of the build script in Markdown and workflows, with its file.</summary>
    public static TheoryData<string, string> Commands => [.. Files("*.md").Concat(Files("*.yml"))
        .SelectMany(file => Command().Matches(File.ReadAllText(file)).Select(match => (Relative(file), match.Groups["arguments"].Value.TrimEnd())))
        .Distinct()];

    /// <summary>All workflows.</summary>
    public static TheoryData<string> Workflows => [.. Directory.GetFiles(RepositoryRoot.Of("recipes/github-actions/workflows")).Select(Relative)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Uses_arguments_that_the_build_knows(string file, string arguments) =>
        ArgumentCheck.Faults([.. Word().Matches(arguments).Select(word => word.Value.Replace("'", "").Replace("\"", "")).Where(word => word != "--bootstrap")])
            .Select(fault => fault.ToString()).ShouldBeEmpty($"{file}: {arguments}");

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_has_triggers_least_permissions_and_jobs_with_a_time_limit(string file)
    {
        using var reader = new StreamReader(RepositoryRoot.Of(file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        var workflow = (YamlMappingNode)yaml.Documents[0].RootNode;

        ((YamlMappingNode)workflow["on"]).Children.ShouldNotBeEmpty();
        workflow["permissions"]["contents"].ToString().ShouldBe("read");
        foreach (var job in ((YamlMappingNode)workflow["jobs"]).Children.Values)
        {
            job["runs-on"].ShouldNotBeNull();
            int.Parse(job["timeout-minutes"].ToString(), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 360);
            ((YamlSequenceNode)job["steps"]).Children.Cast<YamlMappingNode>()
                .ShouldAllBe(step => step.Children.ContainsKey("run") != step.Children.ContainsKey("uses"));
        }
    }

    private static IEnumerable<string> Files(string pattern) => new[] { "recipes", "docs" }
        .Select(RepositoryRoot.Of)
        .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(RepositoryRoot.Path, pattern));

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);

    [GeneratedRegex(@"^[\s$>-]*(?:run: )?(?:\./build\.sh|\.\\build\.ps1)(?<arguments>(?: +(?:-\S+|'[^']*'|""[^""]*""))*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"(?:[^\s'""]|'[^']*'|""[^""]*"")+")]
    private static partial Regex Word();
}
