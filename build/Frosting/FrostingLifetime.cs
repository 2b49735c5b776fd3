using Cake.Core;

namespace Cake.Frosting;

/// <summary>Base of a lifetime over the build's context.</summary>
/// <typeparam name="T">The build's context.</typeparam>
public abstract class FrostingLifetime<T> : IFrostingLifetime
    where T : ICakeContext
{
    /// <summary>Prepares the run.</summary>
    public abstract void Setup(T context, ISetupContext info);

    /// <summary>Cleans up after the run.</summary>
    public abstract void Teardown(T context, ITeardownContext info);

    void IFrostingSetup.Setup(ICakeContext context, ISetupContext info) => Setup((T)context, info);

    void IFrostingTeardown.Teardown(ICakeContext context, ITeardownContext info) => Teardown((T)context, info);
}
