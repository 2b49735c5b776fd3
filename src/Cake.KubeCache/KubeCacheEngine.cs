using Cake.Core;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation;
using Cake.KubeCache.Presentation.Ci;

namespace Cake.KubeCache;

/// <summary>The composition root: what each verb does, as a list of stages.</summary>
internal sealed class KubeCacheEngine(ICakeContext context, KubeCacheSettings settings)
{
    private readonly CakeRunLog _log = new(context.Log);
    private readonly CiService _ci = CiService.Detect(context.Environment.GetEnvironmentVariable, Console.WriteLine);

    /// <summary>Reads, plans and shows the plan; asks nobody and changes nothing.</summary>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(RunScope.Plan, cancellationToken);
        PlanTables.Show(_log, session.Plan);
        return session.Plan;
    }

    /// <summary>Carries out one verb.</summary>
    /// <returns>What was done; failures of artifacts and nodes are in it.</returns>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public async Task<RunReport> RunAsync(RunScope scope, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(s => _log.Warning($"stopping ({s}); once more to end at once"), cancellationToken);
        _ci.BeginGroup(scope.Verb);
        try
        {
            await using var session = await OpenAsync(scope, signals.Token);
            var report = await session.CompleteAsync();
            Conclude(report);
            return report;
        }
        finally
        {
            _ci.EndGroup();
        }
    }

    /// <summary>Asks the nodes what they have and shows what differs; changes nothing.</summary>
    /// <returns>The comparison: what lacks is pending.</returns>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public Task<RunReport> StatusAsync(CancellationToken cancellationToken) => RunAsync(RunScope.Status, cancellationToken);

    /// <summary>The plan as far as it is known without asking anybody, and without a word.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public Plan Preview()
    {
        var parts = OpenParts(RunScope.Plan);
        try
        {
            return parts.Plan(parts.Remembered());
        }
        finally
        {
            parts.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Opens a run without carrying it out: whoever joins its parts does.</summary>
    public async Task<RunSession> OpenAsync(RunScope scope, CancellationToken cancellationToken)
    {
        var session = await RunSession.OpenAsync(OpenParts(scope), cancellationToken);
        foreach (var warning in session.Plan.Warnings)
        {
            _log.Warning(warning.ToString());
        }

        RunOutputs.WritePlan(settings, session.Plan);
        return session;
    }

    /// <summary>Shows a report and writes it where the settings say.</summary>
    public void Conclude(RunReport report)
    {
        RunTables.Show(_log, report);
        _ci.Conclude(report);
        RunOutputs.WriteReport(settings, report);
    }

    private RunParts OpenParts(RunScope scope)
    {
        try
        {
            return RunParts.Open(settings, scope, _log);
        }
        catch (KubeCacheException e)
        {
            // Where the input is wrong, the service shows it at its line; the error itself goes on to the caller.
            e.Faults.ToList().ForEach(_ci.Annotate);
            throw;
        }
    }
}
