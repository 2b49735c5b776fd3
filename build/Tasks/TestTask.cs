using System.Xml.Linq;
using Build.Arguments;
using Build.Tasks.Testing;
using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Common.IO;
using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Cake.KubeCache.Model;

namespace Build.Tasks;

/// <summary>
/// Runs the test programs that <c>Build</c> compiled. The integration tests get the package that <c>Pack</c> made and this host, as people run it; what a
/// machine cannot run (no root, no container engine) skips itself and says why.
/// </summary>
[TaskName("Test")]
[TaskDescription("Runs the unit and integration tests (--suite=unit|integration, --filter=PATTERN)")]
[IsDependentOn(typeof(PackTask))]
public sealed class TestTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context)
    {
        var suites = Choose(context.Values(KnownArguments.Suite));
        context.CleanDirectory(context.Repository.TestResults);
        var tally = TestTally.None;
        var broken = new List<string>();
        foreach (var suite in suites)
        {
            context.Information("Suite {0}", suite.Name);
            var code = Start(context, suite);
            var results = suite.Results(context);
            if (!context.FileExists(results))
            {
                broken.Add($"suite {suite.Name} ended with exit code {code} and without results");
                continue;
            }

            var one = TestTally.Read(XDocument.Load(results.FullPath));
            tally = tally.Plus(one);
            if (code != 0 && one.Failed == 0)
            {
                broken.Add($"suite {suite.Name} ended with exit code {code} though no test failed");
            }
        }

        foreach (var (reason, count) in tally.SkipReasons)
        {
            context.Information("{0} skipped: {1}", count, reason);
        }

        Console.WriteLine(tally);
        if (tally.Failed > 0)
        {
            broken.Insert(0, $"{tally.Failed} failed");
        }

        // A filter with a typing error must not look like success.
        if (tally is { Passed: 0, Failed: 0, Skipped: 0 })
        {
            broken.Add("none ran");
        }

        if (broken.Count > 0)
        {
            throw new CakeException($"Tests: {string.Join("; ", broken)}");
        }
    }

    private static IReadOnlyList<TestSuite> Choose(IReadOnlyList<string> names)
    {
        var unknown = names.Where(name => TestSuite.All.All(suite => suite.Name != name)).ToList();
        return unknown.Count > 0
            ? throw new KubeCacheException(ErrorKind.Input, new Fault("There is no such test suite")
            {
                Got = string.Join(", ", unknown),
                Expected = string.Join(" or ", TestSuite.All.Select(suite => suite.Name)),
            })
            : names.Count == 0 ? TestSuite.All : [.. TestSuite.All.Where(suite => names.Contains(suite.Name))];
    }

    private static int Start(BuildContext context, TestSuite suite)
    {
        var arguments = new ProcessArgumentBuilder()
            .AppendQuoted(suite.Program(context).FullPath)
            .Append("-noLogo").Append("-noColor")
            .Append("-result-xml").AppendQuoted(suite.Results(context).FullPath);
        foreach (var filter in context.Values(KnownArguments.Filter))
        {
            arguments.Append("-method").AppendQuoted(filter);
        }

        var environment = new Dictionary<string, string?> { ["KUBECACHE_PACKAGES"] = context.Repository.Packages.FullPath, ["KUBECACHE_HOST"] = typeof(TestTask).Assembly.Location };
        if (context.Values(KnownArguments.Conformance) is [var cases])
        {
            environment["KUBECACHE_CONFORMANCE"] = new DirectoryPath(cases).MakeAbsolute(context.Environment).FullPath;
        }

        return context.StartProcess("dotnet", new ProcessSettings { Arguments = arguments, EnvironmentVariables = environment });
    }
}
