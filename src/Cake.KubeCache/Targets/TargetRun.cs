using Cake.KubeCache.Engine;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Targets;

/// <summary>
/// The one run behind all targets of a registration. Cake runs tasks one after another; so the work runs by itself, started when the
/// first task joins it, and each task waits for its own part.
/// </summary>
internal sealed class TargetRun(KubeCacheEngine engine, Action<string> warn) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private StopSignals? _signals;
    private RunScope _scope = RunScope.Provision;
    private Task<RunSession>? _session;
    private bool _concluded;

    /// <summary>Says which part of the plan the tasks of this execution cover; before the first join.</summary>
    public void Cover(RunScope scope) => _scope = scope;

    /// <summary>The run; the first caller starts it.</summary>
    public Task<RunSession> SessionAsync()
    {
        lock (_gate)
        {
            return _session ??= Task.Run(OpenAsync);
        }
    }

    /// <summary>The run, where any task joined it and it could begin.</summary>
    public RunSession? Current => _session is { IsCompletedSuccessfully: true } started ? started.Result : null;

    /// <summary>Waits for everything, shows the report and writes it. A run that was never joined, or was concluded, has none.</summary>
    public async Task<RunReport?> ConcludeAsync()
    {
        if (_concluded || Current is not { } session)
        {
            return null;
        }

        _concluded = true;
        return await engine.ConcludeAsync(session);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Current is { } session)
        {
            await session.DisposeAsync();
        }

        _signals?.Dispose();
    }

    private async Task<RunSession> OpenAsync()
    {
        _signals = new StopSignals(s => warn($"stopping ({s}); once more to end at once"), CancellationToken.None);
        var session = await engine.OpenAsync(_scope, _signals.Token);

        // All of it, at once: what is joined later is under way while the first join waits.
        session.Start();
        return session;
    }
}
