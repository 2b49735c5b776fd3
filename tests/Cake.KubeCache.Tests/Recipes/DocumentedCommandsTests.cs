using System.Reflection;
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

    // What the operating system says, and labels that stand before what varies.
    private static readonly string[] ForeignTexts = ["No space left on device", "got", "expected"];

    private static readonly HashSet<string> OwnTargets =
    [
        "Default", "Plan", "Fetch", "Push", "Provision", "Status", "Verify", "Prune", "Graph",
        .. typeof(Build.BuildContext).Assembly.GetExportedTypes().Select(t => t.GetCustomAttribute<Cake.Frosting.TaskNameAttribute>()?.Name).OfType<string>(),
    ];

    private static readonly Lazy<string[]> Source = new(() => [.. new[] { "src", "build" }
        .SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.Of(folder), "*.*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".cs" or ".sh" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(File.ReadAllLines)]);

    /// <summary>All workflows.</summary>
    public static TheoryData<string> Workflows => [.. Directory.GetFiles(RepositoryRoot.Of("recipes/github-actions/workflows")).Select(Relative)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Uses_arguments_that_the_build_knows(string file, string arguments) =>
        ArgumentCheck.Faults([.. Word().Matches(arguments).Select(word => word.Value.Replace("'", "").Replace("\"", "")).Where(word => word != "--bootstrap")])
            .Select(fault => fault.ToString()).ShouldBeEmpty($"{file}: {arguments}");

    [Theory]
    [MemberData(nameof(Commands))]
    public void Names_targets_that_there_are(string file, string arguments) => Target().Matches(arguments).Select(match => match.Groups["name"].Value)
        .Where(name => !OwnTargets.Contains(name) && !name.StartsWith("Fetch-", StringComparison.Ordinal) && !name.StartsWith("Push-", StringComparison.Ordinal))
        .ShouldBeEmpty($"{file}: {arguments}");

    /// <summary>Every call of Cake with a script, with its file: what it names must be an argument of the addin or of Cake.</summary>
    public static TheoryData<string, string> ScriptCommands => [.. Files("*.md").Concat(Files("*.yml")).Concat(Files("*.cake"))
        .SelectMany(file => ScriptCommand().Matches(File.ReadAllText(file)).Select(match => (Relative(file), match.Groups["arguments"].Value.TrimEnd())))
        .Distinct()];

    [Theory]
    [MemberData(nameof(ScriptCommands))]
    public void Uses_arguments_that_the_addin_or_Cake_knows(string file, string arguments) =>
        ArgumentCheck.Faults([.. Word().Matches(arguments).Select(word => word.Value.Replace("'", "").Replace("\"", ""))])
            .Select(fault => fault.ToString()).ShouldBeEmpty($"{file}: {arguments}");

    /// <summary>The error texts that the troubleshooting page lists, in the pieces between what varies.</summary>
    public static TheoryData<string> ErrorTexts => [.. File.ReadAllLines(RepositoryRoot.Of("docs/troubleshooting.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
        .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(match => match.Groups["text"].Value))
        .Where(text => !ForeignTexts.Contains(text))];

    [Theory]
    [MemberData(nameof(ErrorTexts))]
    public void Lists_error_texts_that_the_source_has(string text)
    {
        var pieces = text.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        pieces.ShouldNotBeEmpty();
        Source.Value.ShouldContain(line => pieces.All(piece => line.Contains(piece, StringComparison.Ordinal)), text);
    }

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

    [GeneratedRegex(@"(?:--target[= ]|-t )(?<name>[\w-]+)")]
    private static partial Regex Target();

    [GeneratedRegex(@"^[\s$>/-]*(?:run: )?dotnet cake(?: [\w./-]+\.cake)?(?<arguments>(?: +(?:-\S+|'[^']*'|""[^""]*""))*)", RegexOptions.Multiline)]
    private static partial Regex ScriptCommand();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:[^\s'""]|'[^']*'|""[^""]*"")+")]
    private static partial Regex Word();
}
