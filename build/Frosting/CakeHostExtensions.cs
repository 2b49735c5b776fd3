using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>What a build's program says about itself before it runs.</summary>
public static class CakeHostExtensions
{
    /// <summary>Uses the build's own context.</summary>
    public static CakeHost UseContext<TContext>(this CakeHost host)
        where TContext : class, IFrostingContext =>
        host.ConfigureServices(services => services.AddSingleton<IFrostingContext, TContext>());

    /// <summary>Runs a lifetime's setup before and its teardown after the tasks.</summary>
    public static CakeHost UseLifetime<TLifetime>(this CakeHost host)
        where TLifetime : class, IFrostingLifetime =>
        host.ConfigureServices(services => services.AddSingleton<IFrostingLifetime, TLifetime>());
}
