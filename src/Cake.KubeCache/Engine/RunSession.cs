using System.Collections.Concurrent;
using System.Diagnostics;
using Cake.KubeCache.Engine.Fanout;
using Cake.KubeCache.Engine.Kubeadm;
using Cake.KubeCache.Execution;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation.Live;
using Cake.KubeCache.Sources;

namespace Cake.KubeCache.Engine;

/// <summary>One run: its plan, and the work that carries it out. Callers join single parts of it or complete all of it.</summary>
internal sealed class RunSession : IAsyncDisposable
{
    private readonly RunParts _parts;
    private readonly Neighbourhood _neighbourhood;
    private readonly RunProgress _progress;
    private readonly LiveDisplay? _display;
    private readonly RunGraph _graph;
    private readonly IReadOnlyList<PlannedNode> _nodes;
    private readonly WorkRunner _runner;
    private readonly DateTimeOffset _startedAt;
    private readonly Stopwatch _clock;
    private readonly ConcurrentDictionary<string, WorkResult> _results = new(StringComparer.Ordinal);

    private RunSession(RunParts parts, Plan plan, Stopwatch clock, CancellationToken cancellationToken)
    {
        (_parts, Plan, _nodes, _clock, _startedAt) = (parts, parts.Scope.Restrict(plan), plan.Nodes, clock, DateTimeOffset.Now - clock.Elapsed);
        _neighbourhood = Neighbourhood.Of(Plan, parts.Nodes, parts.Store);
        _progress = new RunProgress(parts.Log);
        _display = LiveDisplay.Start(parts.Log, _progress);
        _graph = new RunGraph(Plan, Steps(), _progress, parts.Settings.Serial is { } serial ? Batches.Parse(serial) : null);
        _runner = new WorkRunner(_graph.Work, _graph.Limits(new RunLimits(parts.Settings.MaxDownloads, parts.Settings.MaxPushes)), cancellationToken);
        _runner.Ended += result => _results[result.Key] = result;
    }

    /// <summary>What this run carries out.</summary>
    public Plan Plan { get; }

    /// <summary>Reads the input, asks the nodes where the scope wants that, and plans.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public static async Task<RunSession> OpenAsync(RunParts parts, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            return await OpenAsync(parts, clock, cancellationToken);
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    private static async Task<RunSession> OpenAsync(RunParts parts, Stopwatch clock, CancellationToken cancellationToken)
    {
        var hosts = parts.Scope.Probes
            ? await parts.ProbeAsync(cancellationToken)
            : parts.Remembered();
        var plan = parts.Plan(hosts);
        if (parts.Scope.Fetches && parts.Space.Check(parts.Scope.Restrict(plan)) is { } tight)
        {
            plan = plan with { Warnings = [.. plan.Warnings, tight] };
        }

        return new RunSession(parts, plan, clock, cancellationToken);
    }

    /// <summary>Starts all work; without it, the first join does.</summary>
    public void Start() => _runner.Start();

    /// <summary>Waits until all contents are in the store.</summary>
    /// <exception cref="KubeCacheException">Some could not be fetched.</exception>
    public Task JoinFetchesAsync() => JoinAsync(Plan.Artifacts.Select(a => RunGraph.FetchKey(a.Artifact)));

    /// <summary>Waits until all nodes have everything they are to have.</summary>
    /// <exception cref="KubeCacheException">Some have not.</exception>
    public async Task JoinPushesAsync()
    {
        foreach (var node in Plan.Nodes)
        {
            await JoinPushAsync(node.Node.Name);
        }
    }

    /// <summary>Waits until all contents of an artifact's name are in the store.</summary>
    /// <exception cref="KubeCacheException">One of them could not be fetched.</exception>
    public Task JoinFetchAsync(string artifact) =>
        JoinAsync(Plan.Artifacts.Where(a => a.Artifact.Name == artifact).Select(a => RunGraph.FetchKey(a.Artifact)));

    /// <summary>Waits until a node has everything it is to have.</summary>
    /// <exception cref="KubeCacheException">The node could not be reached or something could not be delivered.</exception>
    public async Task JoinPushAsync(string node)
    {
        var planned = Plan.Nodes.Single(n => n.Node.Name == node);
        if (planned.Unreachable is { } fault)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, fault);
        }

        await JoinAsync(planned.Deliveries.Select(d => RunGraph.DeliveryKey(planned, d.Artifact)).Concat(planned.Extras.Select(e => RunGraph.RemovalKey(planned, e))).Append(RunGraph.AfterKey(planned)));
    }

    /// <summary>Whether a node has everything already, and nothing that is to go.</summary>
    public bool IsUpToDate(string node) => Plan.Nodes.Single(n => n.Node.Name == node) is { Unreachable: null } planned
        && planned.Deliveries.All(d => d.State == DeliveryState.UpToDate && !_graph.Work.Items.ContainsKey(RunGraph.DeliveryKey(planned, d.Artifact)))
        && !(_parts.Settings.PruneNodes && planned.Extras.Count > 0);

    /// <summary>Carries out what is left and reports everything.</summary>
    public async Task<RunReport> CompleteAsync()
    {
        await _runner.RunAsync();
        await HideAsync();
        if (_parts.Scope.Fetches)
        {
            await new StoreCare(_parts, Plan).RecordAsync(CancellationToken.None);
        }

        _parts.Contents.Keep();
        var locks = new LockWriter(_parts);
        if (locks.IsWanted && _results.Values.All(r => r.State == WorkState.Succeeded))
        {
            locks.Write(Plan);
        }

        var confirmed = _parts.Scope.Fetches ? await new KubeadmConfirmation(_parts).WarningsAsync(Plan, a => _graph.Fetched(a.Artifact)?.Stored ?? a.Stored, CancellationToken.None) : [];
        confirmed.ToList().ForEach(w => _parts.Log.Warning(w.ToString()));

        var builder = new ReportBuilder(Plan, _graph, _results, _parts.Settings.PruneNodes);
        var nodes = _parts.Scope.Probes ? builder.Nodes(_parts.Nodes.ProbeTook) : [];
        Remember(nodes);
        return new RunReport
        {
            Verb = _parts.Scope.Verb,
            StartedAt = _startedAt,
            Took = _clock.Elapsed,
            Artifacts = builder.Artifacts(),
            Nodes = nodes,
            Warnings = [.. Plan.Warnings.Concat(confirmed).Select(w => w.ToString())],
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        await _neighbourhood.DisposeAsync();
        await HideAsync();
        await _progress.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private void Remember(IReadOnlyList<NodeReport> nodes)
    {
        var contents = Plan.Artifacts.ToDictionary(a => a.Artifact.ContentKey, a => _graph.Fetched(a.Artifact)?.Stored ?? a.Stored, StringComparer.Ordinal);
        foreach (var (node, report) in Plan.Nodes.Zip(nodes).Where(p => p.Second.Deliveries.Any(d => d.State == StepState.Done)))
        {
            if (FactsAfter.Of(node, report, a => _graph.Delivered(node, a)?.Step?.Downloaded ?? contents.GetValueOrDefault(a.ContentKey)) is { } facts)
            {
                _parts.Memory.Keep(facts);
            }
        }
    }

    private ValueTask HideAsync() => _display?.DisposeAsync() ?? ValueTask.CompletedTask;

    private RunSteps Steps() => new()
    {
        Fetch = _parts.Scope.Fetches ? FetchAsync : null,
        SizeOf = artifact => _parts.Sizes.Of(artifact)?.Bytes,
        Deliver = _parts.Scope.Pushes ? DeliverAsync : null,
        Download = _parts.Scope.Pushes ? DownloadAsync : null,
        Remove = _parts.Scope.Pushes && _parts.Settings.PruneNodes ? RemoveAsync : null,
        BeforeNode = _parts.Settings.BeforeNode,
        AfterNode = _parts.Settings.AfterNode,
    };

    private async Task<FetchStep> FetchAsync(PlannedArtifact content, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var fetcher = content.Delegate is { } name ? await DelegateAsync(name, cancellationToken) : _parts.Fetcher;
        var got = await fetcher.FetchAsync(content.Artifact, content.Settings, progress, cancellationToken);
        return new FetchStep(got.Stored, got.BytesReceived, got.Notes);
    }

    private Task<Fetcher> DelegateAsync(string name, CancellationToken cancellationToken)
    {
        // The whole plan's node: the delegate may be outside of what this run pushes to.
        var node = _nodes.First(n => n.Node.Name == name);
        return node.Unreachable is { } fault
            ? throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the delegate {name} cannot download: it was not reached") { Cause = fault.ToString() })
            : _parts.Downloading.DelegateAsync(name, () => _parts.Nodes.OpenAsync(node.Node, _parts.Connect, cancellationToken));
    }

    private async Task<DeliveryStep?> DownloadAsync(PlannedNode node, PlannedDelivery delivery, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var session = _parts.Nodes[node.Node.Name];
        var service = new SelfService(session, _parts.Downloading.For(node.Node.Name, session), node) { Back = node.Settings.ForceCache ? _parts.Fetcher : null };
        var step = await service.BringAsync(delivery.Artifact, progress, cancellationToken);
        if (step.Downloaded is { } downloaded)
        {
            _parts.Contents.Note(downloaded);
        }

        return step.Changed ? step : null;
    }

    private Task RemoveAsync(PlannedNode node, NodeExtra extra, CancellationToken cancellationToken)
    {
        var session = _parts.Nodes[node.Node.Name];
        return extra.IsImage ? session.RemoveImageAsync(extra.Name, cancellationToken) : session.RemoveFileAsync(extra.Name, cancellationToken);
    }

    private async Task<DeliveryStep> DeliverAsync(PlannedNode node, Artifact artifact, StoredArtifact stored, ITransferProgress progress, CancellationToken cancellationToken)
    {
        var sent = _neighbourhood.Includes(node.Node.Name)
            ? await _neighbourhood.DeliverAsync(node, artifact, stored, progress, cancellationToken)
            : await _parts.Nodes[node.Node.Name].DeliverAsync(artifact, stored, _parts.Store, progress, cancellationToken);
        return new DeliveryStep(sent.BytesSent, sent.Changed, sent.Notes);
    }

    private async Task JoinAsync(IEnumerable<string> keys)
    {
        var faults = new List<KubeCacheException>();
        foreach (var key in keys.Where(_graph.Work.Items.ContainsKey))
        {
            var result = await _runner.JoinAsync(key);
            switch (result)
            {
                case { Error: KubeCacheException error }:
                    faults.Add(error);
                    break;
                case { Error: { } error }:
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
                    break;
                case { State: WorkState.Blocked }:
                    faults.Add(new KubeCacheException(ErrorKind.GiveUp, new Fault($"'{_graph.Label(key)}' was not tried because '{_graph.Label(result.BlockedBy!)}' failed")));
                    break;
                case { State: WorkState.Canceled }:
                    throw new OperationCanceledException($"'{key}' was stopped");
                default:
                    break;
            }
        }

        if (faults.Count > 0)
        {
            throw faults.Count == 1 ? faults[0] : new KubeCacheException(faults[0].Kind, [.. faults.SelectMany(f => f.Faults)]);
        }
    }
}
