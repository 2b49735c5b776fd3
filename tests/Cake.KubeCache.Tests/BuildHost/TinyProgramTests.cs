using System.Runtime.InteropServices;
using Build.Upstream.Archives;
using Shouldly;

namespace Cake.KubeCache.Tests.BuildHost;

public sealed class TinyProgramTests
{
    [Fact]
    public async Task Runs_on_this_machine_and_prints_its_text()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("the program is one for Linux");
            return;
        }

        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        using var folder = new TemporaryFolder();
        var file = folder.At("program");
        await File.WriteAllBytesAsync(file, TinyProgram.Printing("It runs.\n", architecture));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = await ExternalProgram.RunAsync(file, []);
        result.ShouldBe(new ProgramResult(0, "It runs.\n", ""));
    }

    [Fact]
    public void Knows_no_other_architecture() => Should.Throw<ArgumentOutOfRangeException>(() => TinyProgram.Printing("", "s390x"));
}
