using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>What <c>build.sh</c> does before there is a host: in a copy, with a PATH that holds only what is linked here.</summary>
public sealed class BuildScriptTests : IDisposable
{
    private static readonly string[] Programs = ["bash", "dirname", "sed", "head", "find", "mkdir", "rm", "mv", "cat", "curl", "sleep"];

    private readonly TemporaryFolder _folder = new();

    public BuildScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build.sh is for Linux and macOS");
        File.Copy(RepositoryRoot.Of("build.sh"), _folder.At("build.sh"));
        File.Copy(RepositoryRoot.Of("global.json"), _folder.At("global.json"));
        foreach (var folder in new[] { "build", "src", "eng", ".config", "path" })
        {
            Directory.CreateDirectory(_folder.At(folder));
        }

        foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            _folder.Write(file, "<Project />");
        }

        foreach (var program in Programs)
        {
            File.CreateSymbolicLink(_folder.At("path/" + program), ExternalProgram.Find(program) ?? throw new InvalidOperationException(program + " is missing"));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_an_SDK_it_says_how_to_get_one()
    {
        var run = await RunAsync("--target=Build");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Error.ShouldContain("the .NET SDK is not installed");
        run.Error.ShouldContain("expected: SDK 10.0.100");
        run.Error.ShouldContain("--bootstrap");
    }

    [Fact]
    public async Task With_another_SDK_it_says_which_one_is_needed()
    {
        File.CreateSymbolicLink(_folder.At("path/dotnet"), ExternalProgram.Find("dotnet")!);
        _folder.Write("global.json", """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");

        var run = await RunAsync("--target=Build");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Error.ShouldContain("no installed .NET SDK fits global.json");
        run.Error.ShouldContain("expected: SDK 99.0.100");
    }

    [Fact]
    public async Task Bootstrap_installs_the_named_SDK_into_the_repository_and_goes_on_with_it()
    {
        // In place of Microsoft's script: keeps its arguments and lays down a dotnet that "publishes" and "runs" the host.
        var installer = _folder.Write("install.sh", """
            echo "$@" > "$4/arguments"
            cat > "$4/dotnet" <<'END'
            #!/usr/bin/env bash
            case "$1" in
              --version) echo 10.0.100 ;;
              publish) while [ "$1" != -o ]; do shift; done; mkdir -p "$2"; echo host > "$2/Build.dll" ;;
              *) echo "the host runs with ${*:2}" ;;
            esac
            END
            """.ReplaceLineEndings("\n"));
        await File.AppendAllTextAsync(installer, "\n\"$CHMOD\" +x \"$4/dotnet\"\n");
        File.CreateSymbolicLink(_folder.At("path/env"), ExternalProgram.Find("env")!);

        var run = await RunAsync("--bootstrap", "--target=Build");

        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldBe("the host runs with --target=Build\n");
        (await File.ReadAllTextAsync(_folder.At(".dotnet/arguments"))).ShouldStartWith($"--version 10.0.100 --install-dir {_folder.At(".dotnet")}");

        var again = await RunAsync("--target=Test");
        again.Output.ShouldBe("the host runs with --target=Test\n", again.Everything);
        again.Error.ShouldNotContain("Compiling");

        await Task.Delay(20);
        _folder.Write("src/new.cs", "");
        (await RunAsync()).Error.ShouldContain("Compiling");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_several_callers_at_once_one_compiles_and_all_run_what_it_made(bool flock)
    {
        if (flock)
        {
            Assert.SkipWhen(ExternalProgram.Find("flock") is null, "flock is not installed");
            File.CreateSymbolicLink(_folder.At("path/flock"), ExternalProgram.Find("flock")!);
        }

        File.CreateSymbolicLink(_folder.At("path/env"), ExternalProgram.Find("env")!);
        var dotnet = _folder.Write("path/dotnet", """
            #!/usr/bin/env bash
            case "$1" in
              --version) echo 10.0.100 ;;
              publish) sleep 1; while [ "$1" != -o ]; do shift; done; mkdir -p "$2"; echo host > "$2/Build.dll"; sleep 0.5 ;;
              *) cat "$1" && echo "runs with ${*:2}" ;;
            esac
            """.ReplaceLineEndings("\n"));
        (await ExternalProgram.RunAsync("chmod", ["+x", dotnet])).ExitCode.ShouldBe(0);

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => RunAsync($"--target=T{i}")));

        runs.Select(r => r.Output).ShouldBe(Enumerable.Range(0, 4).Select(i => $"host\nruns with --target=T{i}\n"), string.Join('\n', runs.Select(r => r.Everything)));
        runs.Count(r => r.Error.Contains("Compiling", StringComparison.Ordinal)).ShouldBe(1);
        Directory.GetFileSystemEntries(_folder.At("artifacts/host")).Select(Path.GetFileName).Except(["bin", "stamp", "lock"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Bootstrap_says_when_the_install_script_cannot_be_had()
    {
        File.Delete(_folder.At("install.sh"));

        var run = await RunAsync("--bootstrap");

        run.ExitCode.ShouldBe(2, run.Everything);
        run.Error.ShouldContain("the install script could not be fetched");
        run.Error.ShouldContain("DOTNET_INSTALL_SCRIPT_URL");
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => ExternalProgram.RunAsync(
        _folder.At("path/bash"),
        [_folder.At("build.sh"), .. arguments],
        environment: new Dictionary<string, string?>
        {
            ["PATH"] = _folder.At("path"),
            ["CHMOD"] = ExternalProgram.Find("chmod"),
            ["DOTNET_ROOT"] = null,
            ["DOTNET_INSTALL_SCRIPT_URL"] = "file://" + _folder.At("install.sh"),
        });
}
