using System.Reflection;
using Cake.Core;
using Cake.KubeCache;

namespace Build.Arguments;

/// <summary>What can be answered from the command line alone, before Cake starts: help, the version, and arguments that nothing would read.</summary>
internal static class CommandLine
{
    /// <summary>The exit code when the run ends here (0 after help or the version, 2 after a wrong argument), else null.</summary>
    public static int? Answer(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        if (args.Any(a => a is "--help" or "-h" or "-?"))
        {
            Help.Write(output);
            return 0;
        }

        var faults = ArgumentCheck.Faults(args);
        foreach (var fault in faults)
        {
            error.WriteLine($"Error: {fault}");
        }

        if (faults.Count == 0 && args.Any(a => a is "--version" or "--ver" or "-version" or "-ver"))
        {
            output.WriteLine($"Cake.KubeCache {VersionOf(typeof(KubeCacheSettings))}");
            output.WriteLine($"Cake {VersionOf(typeof(ICakeEngine))}");
            return 0;
        }

        return faults.Count == 0 ? null : 2;
    }

    // Without the commit that builders append.
    private static string VersionOf(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
