using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary><c>build.ps1</c>, where PowerShell is installed or can be as a .NET tool.</summary>
public sealed class PowerShellTests
{
    [Fact]
    public async Task Starts_the_host_and_hands_its_exit_code_on()
    {
        using var folder = new TemporaryFolder();
        var powerShell = await FindAsync(folder);
        Assert.SkipWhen(powerShell is null, "PowerShell is not installed, and no package source has it as a .NET tool");

        var help = await RunAsync(powerShell, "--help");
        help.ExitCode.ShouldBe(0, help.Everything);
        help.Output.ShouldContain("--inventory=");

        var wrong = await RunAsync(powerShell, "--inventroy=x");
        wrong.ExitCode.ShouldBe(2, wrong.Everything);
        wrong.Error.ShouldNotContain("Compiling");
    }

    private static async Task<string?> FindAsync(TemporaryFolder folder)
    {
        if (ExternalProgram.Find("pwsh") is { } installed)
        {
            return installed;
        }

        var install = await ExternalProgram.RunAsync("dotnet", ["tool", "install", "PowerShell", "--tool-path", folder.Path], folder.Path);
        return install.ExitCode == 0 ? folder.At("pwsh") : null;
    }

    private static Task<ProgramResult> RunAsync(string powerShell, string argument) =>
        ExternalProgram.RunAsync(powerShell, ["-NoProfile", "-NonInteractive", "-File", RepositoryRoot.Of("build.ps1"), argument]);
}
