using Cake.Core;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Engine.Kubeadm;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation;
using Cake.KubeCache.Presentation.Ci;
using Cake.KubeCache.Presentation.Graphs;

namespace Cake.KubeCache;

/// <summary>The composition root: what each verb does, as a list of stages.</summary>
internal sealed class KubeCacheEngine(ICakeContext context, KubeCacheSettings settings) : IAsyncDisposable
{
    private readonly CakeRunLog _log = new(context.Log);
    private readonly CiService _ci = CiService.Detect(context.Environment.GetEnvironmentVariable, Console.WriteLine);

    // Read once: several runs of one engine see one input.
    private Task<ClusterView>? _cluster;
    private RunParts? _begun;

    /// <summary>Starts to read the input while the caller does something else; its faults show when it is first needed.</summary>
    public void BeginReading() => _cluster ??= Task.Run(() => ClusterView.Load(settings, settings.Refresh ? LockFile.None : LockFile.Read(LockFile.PathOf(settings))));

    /// <summary>Starts to ask the nodes what they have: whoever opens a provisioning next goes on with their answers.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public void BeginProbing()
    {
        _begun = OpenParts(RunScope.Provision);
        _begun.BeginProbing();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _begun?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Reads, plans and shows the plan; asks nobody and changes nothing.</summary>
    public async Task<Plan> PlanAsync(CancellationToken cancellationToken)
    {
        await using var parts = OpenParts(RunScope.Plan);
        var plan = await AnnotatedAsync(() => Task.FromResult(parts.Plan(parts.Remembered())));
        plan = plan with { Warnings = [.. plan.Warnings, .. await new KubeadmConfirmation(parts).WarningsAsync(plan, a => a.Stored, cancellationToken)] };
        Tell(plan);
        if (settings.Explain is { } variable)
        {
            Say(ExplanationText.Layers(variable, parts.Explain(variable)));
            return plan;
        }

        PlanTables.Show(_log, plan);
        Say(parts.Cluster.Ranges);
        Say(ExplanationText.DownloadFamily.SelectMany(name => ExplanationText.Winner(name, parts.Explain(name))));
        return plan;
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
            return await ConcludeAsync(session);
        }
        finally
        {
            _ci.EndGroup();
        }
    }

    /// <summary>Asks the nodes what they have and shows what differs; changes nothing.</summary>
    /// <returns>The comparison: what lacks is pending.</returns>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public async Task<RunReport> StatusAsync(CancellationToken cancellationToken)
    {
        var report = await RunAsync(RunScope.Status, cancellationToken);
        await using var parts = OpenParts(RunScope.Plan);
        _log.Information(new StoreCare(parts, parts.Plan(parts.Remembered())).Describe());
        return report;
    }

    /// <summary>The plan as far as it is known without asking anybody, and without a word.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public Plan Preview()
    {
        var parts = OpenParts(RunScope.Plan);
        try
        {
            return parts.Plan(parts.Remembered());
        }
        catch (KubeCacheException e)
        {
            Annotate(e);
            throw;
        }
        finally
        {
            parts.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Opens a run without carrying it out: whoever joins its parts does.</summary>
    public async Task<RunSession> OpenAsync(RunScope scope, CancellationToken cancellationToken)
    {
        var parts = scope == RunScope.Provision ? Interlocked.Exchange(ref _begun, null) : null;
        parts ??= OpenParts(scope);
        var session = await AnnotatedAsync(() => RunSession.OpenAsync(parts, cancellationToken));
        Tell(session.Plan);
        return session;
    }

    /// <summary>Carries out what is left of a run, shows its report and writes it where the settings say.</summary>
    public async Task<RunReport> ConcludeAsync(RunSession session)
    {
        var report = await session.CompleteAsync();
        RunTables.Show(_log, report);
        if (report.Verb != RunScope.Status.Verb)
        {
            RunFailure.Faults(report).ToList().ForEach(_ci.Annotate);
        }

        _ci.Conclude(report);
        RunOutputs.WriteReport(settings, report);
        return report;
    }

    /// <summary>Hashes the store again and, where the settings say so, fetches again what is damaged.</summary>
    /// <exception cref="KubeCacheException">The input is wrong, or the store cannot be read.</exception>
    public async Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        StoreVerification found;
        StoreCare care;
        await using (var parts = OpenParts(RunScope.Plan))
        {
            care = new StoreCare(parts, parts.Plan(parts.Remembered()));
            found = await care.VerifyAsync(cancellationToken);
        }

        Say(found.Bad.Select(b => b.ToString()));
        if (found.Repaired)
        {
            // What this machine could not have again, a node that downloads may, or another tag's content does.
            RunFailure.ThrowIfAny(await RunAsync(RunScope.Fetch, cancellationToken));
            await using var after = OpenParts(RunScope.Plan);
            if (care.Lost is { } lost && !lost.ContentKeys.All(after.Store.Snapshot().Artifacts.ContainsKey))
            {
                throw lost.Why;
            }
        }

        return found;
    }

    /// <summary>Removes from the store what no plan needs.</summary>
    /// <exception cref="KubeCacheException">The input is wrong, or the store cannot be written to.</exception>
    public Task<StorePruning> PruneAsync(CancellationToken cancellationToken) => PruneAsync(settings.DryRun, cancellationToken);

    /// <summary>Says what a prune would remove.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public Task<StorePruning> PreviewPruneAsync(CancellationToken cancellationToken) => PruneAsync(dryRun: true, cancellationToken);

    /// <summary>The target graph in the notation of the file's ending (.mmd, .dot, .svg), written there; Mermaid on standard output without a file.</summary>
    /// <exception cref="KubeCacheException">The input is wrong, or the file's ending names no notation.</exception>
    public string Graph(string prefix)
    {
        var graph = TargetGraph.Of(Preview(), prefix);
        var text = settings.GraphOutput?.GetExtension() switch
        {
            null or ".mmd" or ".md" => MermaidGraph.Write(graph),
            ".dot" or ".gv" => DotGraph.Write(graph),
            ".svg" => SvgGraph.Write(graph),
            var other => throw new KubeCacheException(ErrorKind.Input, new Fault("the graph has no such notation") { Got = other, Expected = ".mmd, .dot or .svg" }),
        };
        if (settings.GraphOutput is { } file)
        {
            RunOutputs.Write(file.FullPath, System.Text.Encoding.UTF8.GetBytes(text));
        }

        return text;
    }

    private async Task<StorePruning> PruneAsync(bool dryRun, CancellationToken cancellationToken)
    {
        await using var parts = OpenParts(RunScope.Plan);
        return await new StoreCare(parts, parts.Plan(parts.Remembered())).PruneAsync(dryRun, cancellationToken);
    }

    private void Tell(Plan plan)
    {
        foreach (var warning in plan.Warnings)
        {
            _log.Warning(warning.ToString());
        }

        RunOutputs.WritePlan(settings, plan);
    }

    private void Say(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _log.Information(line);
        }
    }

    private RunParts OpenParts(RunScope scope)
    {
        try
        {
            BeginReading();
            return RunParts.Open(settings, scope, _log, scope.Locks ? ClusterView.Load(settings, LockFile.None) : _cluster!.GetAwaiter().GetResult());
        }
        catch (KubeCacheException e)
        {
            Annotate(e);
            throw;
        }
    }

    // Hosts are evaluated again with what the probes found.
    private async Task<T> AnnotatedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (KubeCacheException e)
        {
            Annotate(e);
            throw;
        }
    }

    // Where the input is wrong, the service shows it at its line; the error itself goes on to the caller.
    private void Annotate(KubeCacheException error) => error.Faults.ToList().ForEach(_ci.Annotate);
}
