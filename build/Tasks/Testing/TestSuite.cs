using Cake.Core.IO;

namespace Build.Tasks.Testing;

/// <summary>One of the test programs.</summary>
/// <param name="Name">What <c>--suite</c> calls it.</param>
/// <param name="Project">The project's name, which is its folder's and its program's.</param>
internal sealed record TestSuite(string Name, string Project)
{
    public static IReadOnlyList<TestSuite> All { get; } =
        [new("unit", "Cake.KubeCache.Tests"), new("integration", "Cake.KubeCache.Integration")];

    /// <summary>The compiled program, an xunit.v3 executable.</summary>
    public FilePath Program(BuildContext context) =>
        context.Repository.Root.CombineWithFilePath($"tests/{Project}/bin/{context.BuildConfiguration}/net10.0/{Project}.dll");

    /// <summary>Where its results are written, in xunit's XML format.</summary>
    public FilePath Results(BuildContext context) => context.Repository.TestResults.CombineWithFilePath(Name + ".xml");
}
