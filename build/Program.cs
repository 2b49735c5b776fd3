using Build;
using Build.Arguments;
using Build.Reporting;
using Build.Tasks.Provisioning;
using Cake.Cli;
using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

if (CommandLine.Answer(args, Console.Out, Console.Error) is { } exitCode)
{
    return exitCode;
}

// Cake asks what the terminal can show, not whether there is one: colours would stand in pipes and files. CI services draw them.
if (Console.IsOutputRedirected && Environment.GetEnvironmentVariable("CI") is null or "" or "0" or "false")
{
    Environment.SetEnvironmentVariable("NO_COLOR", "1");
}

// Cake's working directory stays the caller's, so that relative paths on the command line mean what the shell shows.
var repository = new Repository(Repository.FindRoot(AppContext.BaseDirectory));
var outcome = new Outcome();
var code = new CakeHost()
    .ConfigureServices(services => services.AddSingleton(repository).AddSingleton(outcome).AddSingleton<Quickstart>())
    .ConfigureServices(services => services.AddSingleton<CakeSpectreReportPrinter>().AddSingleton<ICakeReportPrinter, VerbosityReportPrinter>())
    .UseContext<BuildContext>()
    .Run(args);
return code == 0 ? 0 : outcome.ExitCode;
