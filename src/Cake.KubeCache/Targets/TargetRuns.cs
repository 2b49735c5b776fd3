using System.Runtime.CompilerServices;
using Cake.Core;

namespace Cake.KubeCache.Targets;

/// <summary>
/// The registrations on one Cake engine. Cake takes one setup for each type of data, so the first registration hooks in for all:
/// several clusters can be registered under different prefixes.
/// </summary>
internal sealed class TargetRuns
{
    private static readonly ConditionalWeakTable<ICakeEngine, TargetRuns> ByEngine = [];
    private readonly List<TargetRegistration> _registrations = [];

    private TargetRuns(ICakeEngine engine, TargetPhases phases)
    {
        engine.RegisterSetupAction(setup =>
        {
            _registrations.ForEach(r => r.Begin(setup));
            return this;
        });

        // An event: the one task setup that Cake takes is the user's.
        engine.BeforeTaskSetup += (_, begins) =>
        {
            var task = begins.TaskSetupContext.Task.Name;
            if (!_registrations.Exists(r => r.Passes(task)))
            {
                phases.Enter(_registrations.Select(r => r.PhaseOf(task)).FirstOrDefault(p => p is not null));
            }
        };
        engine.RegisterTeardownAction<TargetRuns>((_, runs) =>
        {
            phases.Leave();
            runs.End();
        });
    }

    /// <summary>Adds a registration to its engine's.</summary>
    public static void Add(ICakeEngine engine, TargetRegistration registration, TargetPhases phases) =>
        ByEngine.GetValue(engine, e => new TargetRuns(e, phases))._registrations.Add(registration);

    // After a failed task the others' work goes on to its end here, and its report is shown.
    private void End() => Task.WhenAll(_registrations.Select(EndAsync)).GetAwaiter().GetResult();

    private static async Task EndAsync(TargetRegistration registration)
    {
        await using (registration)
        {
            await registration.EndAsync();
        }
    }
}
