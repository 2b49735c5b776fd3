using Cake.Core;
using Cake.KubeCache.Engine;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Presentation;
using Cake.KubeCache.Presentation.Ci;

namespace Cake.KubeCache.Targets;

/// <summary>The targets of one plan on a Cake engine: one for each artifact, one for each node, and the verbs over them.</summary>
internal sealed class TargetRegistration : IAsyncDisposable
{
    private static readonly string[] Care = [TargetNames.Plan, TargetNames.Status, TargetNames.Verify, TargetNames.Prune, TargetNames.Lock, TargetNames.Graph];

    private readonly bool _lean;
    private readonly bool _early;
    private readonly ICakeEngine _engine;
    private readonly KubeCacheEngine _kubeCache;
    private readonly CakeSwitches _switches;
    private readonly CakeRunLog _log;
    private readonly string _prefix;
    private readonly string? _graphFile;
    private readonly Lazy<Plan> _plan;
    private readonly Lazy<PushNeeds> _needs;
    private readonly TargetRun _run;
    private readonly HashSet<string> _requested;
    private readonly HashSet<string> _skipped = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _phases = new(StringComparer.OrdinalIgnoreCase);

    private TargetRegistration(ICakeContext context, ICakeEngine engine, KubeCacheSettings settings, string prefix)
    {
        (_engine, _prefix, _graphFile) = (engine, prefix, settings.GraphOutput?.FullPath);
        _log = new CakeRunLog(context.Log);
        _kubeCache = new KubeCacheEngine(context, settings);
        _switches = CakeSwitches.Read(context);
        _requested = new HashSet<string>(_switches.Targets, StringComparer.OrdinalIgnoreCase);
        _lean = settings.LeanTargets && OnlyCareIsWanted();
        if (_lean)
        {
            // A Cake host has its own things to do and say before the first task.
            _kubeCache.BeginReading();
        }

        _plan = new Lazy<Plan>(_kubeCache.Preview);
        _early = settings.LeanTargets && _requested.SetEquals([prefix + TargetNames.Provision]) && !(_switches.DryRun || _switches.Exclusive || _switches.Listing);
        _needs = new Lazy<PushNeeds>(() => PushNeeds.Of(_plan.Value));
        _run = new TargetRun(_kubeCache, _log.Warning);
    }

    /// <summary>Declares the targets of the settings' plan.</summary>
    /// <exception cref="KubeCacheException">The input is wrong.</exception>
    public static void Register(ICakeContext context, KubeCacheSettings settings, string prefix)
    {
        var engine = context.ServiceProvider.GetService(typeof(ICakeEngine)) as ICakeEngine
            ?? throw new KubeCacheException(ErrorKind.Input, new Fault("this Cake host does not give its engine to addins") { Expected = "Cake 7 or later" });
        var registration = new TargetRegistration(context, engine, settings, prefix);
        registration.Declare();
        TargetRuns.Add(engine, registration, new TargetPhases(CiService.Detect(context.Environment.GetEnvironmentVariable, Console.WriteLine)));
    }

    /// <summary>Before the first task: says what the tasks to come cover, or shows the plan of a dry run.</summary>
    public void Begin(ISetupContext setup)
    {
        _requested.Add(setup.TargetTask.Name);
        if (_lean)
        {
            PreviewPrune(_requested);
            return;
        }

        var names = _switches.Exclusive ? _requested : setup.TasksToExecute.Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var scope = TargetScope.Of(names, _plan.Value, _needs.Value, _prefix, _switches.Exclusive);
        _run.Cover(scope);
        if (_switches.DryRun && (scope.Fetches || scope.Pushes))
        {
            PlanTables.Show(_log, scope.Restrict(_plan.Value));
        }

        PreviewPrune(names);
    }

    /// <summary>The phase that a task belongs to; null for a task that is not declared here.</summary>
    public string? PhaseOf(string task) => _switches.DryRun ? null : _phases.GetValueOrDefault(task);

    /// <summary>Whether a task declared here is passed over: it says nothing and belongs to no phase.</summary>
    public bool Passes(string task) => _skipped.Contains(task);

    /// <summary>After the last task, or after the one that failed.</summary>
    public Task EndAsync() => _run.ConcludeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _kubeCache.DisposeAsync();
    }

    // Whether all that was asked for are verbs that stand by themselves.
    private bool OnlyCareIsWanted() => !_switches.Listing && _switches.Targets.Count > 0 && _switches.Targets.All(t => Care.Any(c => t.Equals(_prefix + c, StringComparison.OrdinalIgnoreCase)));

    // A dry run runs no task; what a prune would remove is what its dry run is for.
    private void PreviewPrune(HashSet<string> names)
    {
        if (_switches.DryRun && names.Contains(_prefix + TargetNames.Prune))
        {
            _kubeCache.PreviewPruneAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    private void Declare()
    {
        Task(TargetNames.Plan, "Shows what would be fetched and pushed").Does(() => _kubeCache.PlanAsync(CancellationToken.None));
        Task(TargetNames.Status, "Compares the nodes with the plan").Does(async () => RunFailure.ThrowIfDrifted(await _kubeCache.StatusAsync(CancellationToken.None)));
        Task(TargetNames.Verify, "Hashes the cache again").Does(async () => RunFailure.ThrowIfDamaged(await _kubeCache.VerifyAsync(CancellationToken.None)));
        Task(TargetNames.Prune, "Removes from the cache what no plan needs").Does(() => _kubeCache.PruneAsync(CancellationToken.None));
        Task(TargetNames.Lock, "Fetches everything anew and writes the lock file").Does(async () => RunFailure.ThrowIfAny(await _kubeCache.RunAsync(RunScope.Lock, CancellationToken.None)));
        Task(TargetNames.Graph, "Writes the graph of these targets").Does(() =>
        {
            var text = _kubeCache.Graph(_prefix);
            _log.Information(_graphFile is null ? text : $"graph: {_graphFile}");
        });

        var plan = _lean ? new Plan { Artifacts = [], Nodes = [] } : _plan.Value;
        if (_early)
        {
            // The input is right, and nothing but this comes before the run: the nodes may answer while Cake gets ready.
            _kubeCache.BeginProbing();
        }

        var contents = plan.Artifacts.ToLookup(a => a.Artifact.Name, StringComparer.Ordinal);
        foreach (var artifact in contents)
        {
            DeclareFetch(artifact.Key, [.. artifact]);
        }

        foreach (var join in _lean ? [] : _needs.Value.Joins)
        {
            DeclareJoin(join);
        }

        foreach (var node in plan.Nodes)
        {
            DeclarePush(node);
        }

        Task(TargetNames.FetchAll, $"Brings {contents.Count} artifacts into the cache", contents.Select(c => TargetNames.Fetch(c.Key)))
            .Does(async () => await (await _run.SessionAsync()).JoinFetchesAsync());
        Task(TargetNames.PushAll, $"Brings {plan.Nodes.Count} nodes up to date", plan.Nodes.Select(n => TargetNames.Push(n.Node.Name)))
            .Does(async () => await (await _run.SessionAsync()).JoinPushesAsync());
        Task(TargetNames.Provision, "Brings everything into the cache and onto the nodes", [TargetNames.FetchAll, TargetNames.PushAll])
            .Does(async () =>
            {
                await _run.SessionAsync();
                RunFailure.ThrowIfAny(await _run.ConcludeAsync());
            });
    }

    private void DeclareFetch(string artifact, IReadOnlyList<PlannedArtifact> contents)
    {
        var name = TargetNames.Fetch(artifact);
        var upToDate = contents.All(c => c.State is FetchState.Cached or FetchState.OnNodes);
        var needs = TargetNeeds.OfFetch(contents[0].Artifact, _plan.Value).Select(TargetNames.Fetch);
        var why = contents.Any(c => c.State == FetchState.OnNodes) ? "left to the nodes" : "up to date";
        Skip(Task(name, $"{string.Join(", ", contents.Select(c => c.Artifact.Title).Distinct())} into the cache", needs), name, () => upToDate, why)
            .Does(async () =>
            {
                if (upToDate)
                {
                    _log.Information($"{artifact} is {why}");
                    return;
                }

                await (await _run.SessionAsync()).JoinFetchAsync(artifact);
            });
    }

    private void DeclareJoin(PushNeeds.Join join)
    {
        var upToDate = _plan.Value.Artifacts.Where(a => join.Artifacts.Contains(a.Artifact.Name)).All(a => a.State == FetchState.Cached);
        Skip(Task(join.Name, $"{join.Artifacts.Count} artifacts that {join.Nodes} nodes are to have", join.Artifacts.Select(TargetNames.Fetch)), join.Name, () => upToDate)
            .Does(async () =>
            {
                foreach (var artifact in join.Artifacts)
                {
                    await (await _run.SessionAsync()).JoinFetchAsync(artifact);
                }
            });
    }

    private void DeclarePush(PlannedNode node)
    {
        var name = TargetNames.Push(node.Node.Name);
        Skip(Task(name, $"{node.Deliveries.Count} artifacts onto {node.Node.Name} ({node.Node.Runtime})", _needs.Value.Of(node)), name, () => _switches.DryRun
                ? node.Deliveries.All(d => d.State == DeliveryState.UpToDate)
                : _run.SessionAsync().GetAwaiter().GetResult().IsUpToDate(node.Node.Name))
            .Does(async () =>
            {
                var session = await _run.SessionAsync();
                if (session.IsUpToDate(node.Node.Name))
                {
                    _log.Information($"{node.Node.Name} is up to date");
                    return;
                }

                await session.JoinPushAsync(node.Node.Name);
            });
    }

    // Dependencies are declared forwards: Cake's tree does not show the other direction.
    private CakeTaskBuilder Task(string name, string description, IEnumerable<string>? needs = null)
    {
        var task = _engine.RegisterTask(_prefix + name).Description(description);

        // The verbs that show a result have none: nobody should have to unfold it.
        if (name.Split('-')[0] is TargetNames.FetchAll or TargetNames.PushAll)
        {
            _phases[_prefix + name] = _prefix + name.Split('-')[0];
        }

        foreach (var need in needs ?? [])
        {
            task.IsDependentOn(_prefix + need);
        }

        return task;
    }

    // Cake takes a requested target that its criteria skip for one that could not be reached.
    private CakeTaskBuilder Skip(CakeTaskBuilder task, string name, Func<bool> upToDate, string why = "up to date") => task.WithCriteria(
        () =>
        {
            if (_requested.Contains(_prefix + name) || !upToDate())
            {
                return true;
            }

            _skipped.Add(_prefix + name);
            return false;
        },
        why);
}
