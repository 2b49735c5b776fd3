using Cake.Core.Diagnostics;
using Cake.KubeCache.Execution;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cake.KubeCache.Presentation;

/// <summary>Lines of a run through Cake's log, and tables for people: drawn in a terminal, plain lines elsewhere.</summary>
internal sealed class CakeRunLog(ICakeLog log) : IRunLog
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public bool Interactive => Terminal && log.Verbosity >= Verbosity.Normal;

    // Some services set CI on a pseudo terminal; "false" and nothing mean what they say.
    private static bool Terminal { get; } = !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("CI") is null or "" or "0" or "false"
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    // A table that is squeezed into less is harder to read than lines.
    private static bool HasRoom => Console.WindowWidth is 0 or >= 80;

    /// <inheritdoc/>
    public void Information(string line) => Write(Verbosity.Normal, LogLevel.Information, line);

    /// <inheritdoc/>
    public void Verbose(string line) => Write(Verbosity.Verbose, LogLevel.Verbose, line);

    /// <inheritdoc/>
    public void Warning(string line) => Write(Verbosity.Minimal, LogLevel.Warning, line);

    /// <inheritdoc/>
    public void Error(string line) => Write(Verbosity.Quiet, LogLevel.Error, line);

    /// <summary>Shows a table in a terminal, or its plain lines elsewhere; only what is shown is made.</summary>
    public void Show(Func<IRenderable> table, IEnumerable<string> plain)
    {
        if (!Interactive || !HasRoom)
        {
            foreach (var line in plain)
            {
                Information(line);
            }

            return;
        }

        lock (_gate)
        {
            // Made anew: a live display may have stood in for the output that a shared console keeps.
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table());
        }
    }

    // Cake's log formats its text: braces in it must not be taken for placeholders.
    private void Write(Verbosity verbosity, LogLevel level, string line)
    {
        lock (_gate)
        {
            log.Write(verbosity, level, "{0}", line);
        }
    }
}
