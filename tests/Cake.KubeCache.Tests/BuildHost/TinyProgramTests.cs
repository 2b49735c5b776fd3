using System.Diagnostics;
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
        var file = Path.Combine(Directory.CreateTempSubdirectory("kubecache-").FullName, "program");
        await File.WriteAllBytesAsync(file, TinyProgram.Printing("It runs.\n", architecture));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file) { RedirectStandardOutput = true })!;
            (await process.StandardOutput.ReadToEndAsync()).ShouldBe("It runs.\n");
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public void Knows_no_other_architecture() => Should.Throw<ArgumentOutOfRangeException>(() => TinyProgram.Printing("", "s390x"));
}
