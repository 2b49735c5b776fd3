namespace Cake.KubeCache.Tests.Support;

/// <summary>Programs that a test writes.</summary>
internal static class Executables
{
    /// <summary>Makes a file executable; skips the test where files are not.</summary>
    public static void MakeExecutable(this TemporaryFolder folder, string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.At(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
