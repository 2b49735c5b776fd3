using System.Reflection;
using Cake.Cli;
using Cake.Common.Modules;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Cake.Core.Modules;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>
/// Runs a build that is a C# program. This folder stands in for the Cake.Frosting package where a feed does not carry it: the part
/// of that package's public surface that this repository uses, over Cake.Core and Cake.Cli. It is never packed.
/// </summary>
public sealed class CakeHost
{
    private readonly ServiceCollection _services = [];

    /// <summary>Makes a host with Cake's services and a plain context.</summary>
    public CakeHost()
    {
        // Without Cake's NuGet and .NET tool modules, which UseCakeDefaultModules adds: a build that installs no tools
        // need not read NuGet's configuration and frameworks at every start.
        _services.AddCakeDiagnostics().UseModule<CoreModule>().UseModule<CommonModule>();
        _services.AddSingleton(Configuration);
        _services.AddSingleton<BuildScriptHost<IFrostingContext>>();
        _services.AddSingleton<DryRunScriptHost<IFrostingContext>>();
        _services.AddSingleton<TreeScriptHost>();
        _services.AddSingleton<DescriptionScriptHost>();
        _services.AddSingleton<IVersionResolver, VersionResolver>();
        _services.AddSingleton<VersionFeature>();
        _services.AddSingleton<InfoFeature>();
        _services.AddSingleton<IFrostingContext, FrostingContext>();
    }

    /// <summary>Adds services of the build.</summary>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        services(_services);
        return this;
    }

    /// <summary>Runs the tasks that the arguments name and returns the exit code.</summary>
    public int Run(IEnumerable<string> args)
    {
        foreach (var type in Assembly.GetEntryAssembly()!.GetExportedTypes())
        {
            if (type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFrostingTask)))
            {
                _services.AddSingleton(typeof(IFrostingTask), type);
            }
        }

        var registrar = new TypeRegistrar(new ServiceCollection().AddSingleton<IServiceCollection>(_services));
        return new CommandApp<HostCommand>(registrar).Run(args);
    }

    private static ICakeConfiguration Configuration(IServiceProvider services)
    {
        var environment = services.GetRequiredService<ICakeEnvironment>();
        var arguments = services.GetRequiredService<ICakeArguments>().GetArguments()
            .ToDictionary(a => a.Key, a => a.Value.LastOrDefault() ?? "", StringComparer.OrdinalIgnoreCase);
        return new CakeConfigurationProvider(services.GetRequiredService<IFileSystem>(), environment)
            .CreateConfiguration(environment.WorkingDirectory, arguments);
    }
}
