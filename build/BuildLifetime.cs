using Cake.Core;
using Cake.Frosting;

namespace Build;

/// <summary>Keeps the outcome for the exit code.</summary>
public sealed class BuildLifetime(Outcome outcome) : FrostingLifetime<BuildContext>
{
    /// <inheritdoc/>
    public override void Setup(BuildContext context, ISetupContext info) => outcome.Started();

    /// <inheritdoc/>
    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        if (info.ThrownException is { } exception)
        {
            outcome.Failed(exception);
        }
    }
}
