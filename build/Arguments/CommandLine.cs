namespace Build.Arguments;

/// <summary>What can be answered from the command line alone, before Cake starts: help, and arguments that nothing would read.</summary>
internal static class CommandLine
{
    /// <summary>The exit code when the run ends here (0 after help, 2 after a wrong argument), else null.</summary>
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

        return faults.Count == 0 ? null : 2;
    }
}
