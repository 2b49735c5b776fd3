using Cake.Cli;
using Cake.Core;
using Cake.Core.Diagnostics;

namespace Build.Reporting;

/// <summary>
/// Cake's own printer, which keeps still where <c>--verbosity=quiet</c> asks for failures only: Cake itself prints the table of its tasks
/// whatever it was told. The error that ended the run is not part of the table and is shown in any case.
/// </summary>
public sealed class VerbosityReportPrinter(CakeSpectreReportPrinter printer, ICakeLog log) : ICakeReportPrinter
{
    /// <inheritdoc/>
    public void Write(CakeReport report)
    {
        if (log.Verbosity > Verbosity.Quiet)
        {
            printer.Write(report);
        }
    }

    /// <inheritdoc/>
    public void WriteLifeCycleStep(string name, Verbosity verbosity) => printer.WriteLifeCycleStep(name, verbosity);

    /// <inheritdoc/>
    public void WriteStep(string name, Verbosity verbosity) => printer.WriteStep(name, verbosity);

    /// <inheritdoc/>
    public void WriteSkippedStep(string name, Verbosity verbosity) => printer.WriteSkippedStep(name, verbosity);
}
