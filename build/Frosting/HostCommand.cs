using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>The one command of a host: sets Cake up as the options say and runs the targets.</summary>
internal sealed class HostCommand(IServiceCollection services) : Command<HostSettings>
{
    public override int Execute(CommandContext context, HostSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.NoReport, settings.Targets));
        using var provider = services.BuildServiceProvider();
        var log = provider.GetRequiredService<ICakeLog>();
        log.Verbosity = settings.Verbosity;
        try
        {
            Run(provider, settings);
            return 0;
        }
        catch (Exception exception)
        {
            return log.LogException(Cause(exception));
        }
    }

    private static void Run(IServiceProvider provider, HostSettings settings)
    {
        if (settings.Version)
        {
            provider.GetRequiredService<VersionFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        if (settings.Info)
        {
            provider.GetRequiredService<InfoFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        if (settings.WorkingDirectory is { } directory)
        {
            var environment = provider.GetRequiredService<ICakeEnvironment>();
            environment.WorkingDirectory = directory.MakeAbsolute(environment);
        }

        var host = Host(provider, settings);
        if (settings.Exclusive)
        {
            host.Settings.UseExclusiveTarget();
        }

        TaskRegistration.Register(provider);
        host.RunTargets(settings.Targets);
    }

    private static IScriptHost Host(IServiceProvider provider, HostSettings settings) => settings switch
    {
        { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
        { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
        { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
        _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
    };

    // RunTargets blocks on a task and the engine wraps what a task threw: without this, people would read of an aggregate.
    private static Exception Cause(Exception exception)
    {
        while (exception is AggregateException { InnerExceptions.Count: 1 } or CakeReportException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}
