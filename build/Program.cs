using Build;
using Build.Arguments;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;

if (CommandLine.Answer(args, Console.Out, Console.Error) is { } exitCode)
{
    return exitCode;
}

var caller = new Caller(Environment.CurrentDirectory);
var outcome = new Outcome();
var code = new CakeHost()
    .ConfigureServices(services => services.AddSingleton(caller).AddSingleton(outcome))
    .UseContext<BuildContext>()
    .UseLifetime<BuildLifetime>()
    .UseWorkingDirectory(Repository.FindRoot(AppContext.BaseDirectory))
    .Run(args);
return code == 0 ? 0 : outcome.ExitCode;
