using System.Diagnostics;
using Cake.KubeCache.Execution;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>Keeps the live region of a terminal up to date with a run's transfers, until disposed.</summary>
internal sealed class LiveDisplay : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly RunProgress _progress;
    private readonly LiveRegion _region;
    private readonly TextWriter _terminal;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _ended;

    private LiveDisplay(RunProgress progress)
    {
        _progress = progress;
        _terminal = Console.Out;
        _region = new LiveRegion(_terminal);
        Console.SetOut(_region);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Starts it in an interactive terminal; elsewhere there is none.</summary>
    public static LiveDisplay? Start(IRunLog log, RunProgress progress) => log.Interactive ? new LiveDisplay(progress) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        await _stop.CancelAsync();
        await _loop;
        _region.Draw([]);
        Console.SetOut(_terminal);
        await _region.DisposeAsync();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _region.Draw(LiveBars.Lines(_progress.Running, (_progress.Moved, clock.Elapsed), Width(), Math.Max(2, Height() / 3)));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed: the only way this loop ends.
        }
    }

    // A terminal without a size (a serial line) reports 0.
    private static int Width() => Console.WindowWidth is > 0 and var width ? width : 80;

    private static int Height() => Console.WindowHeight is > 0 and var height ? height : 24;
}
