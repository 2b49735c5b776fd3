using System.Diagnostics;
using Cake.KubeCache.Execution;
using Spectre.Console;

namespace Cake.KubeCache.Presentation.Live;

/// <summary>Keeps the live region of a terminal up to date with a run's transfers, until disposed.</summary>
internal sealed class LiveDisplay : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly RunProgress _progress;
    private readonly LiveRegion _region;
    private readonly TextWriter _terminal;
    private readonly TextWriter _errors;
    private readonly IAnsiConsoleOutput _shared;
    private readonly RecentRate _rate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _ended;

    private LiveDisplay(RunProgress progress)
    {
        _progress = progress;
        _terminal = Console.Out;
        _region = new LiveRegion(_terminal, Width);
        Console.SetOut(_region);

        // All that may write to this terminal: errors, and the console that Cake's own headings are drawn with, which keeps the output it was made with.
        _errors = Console.Error;
        if (!Console.IsErrorRedirected)
        {
            Console.SetError(_region.Beside(_errors));
        }

        _shared = AnsiConsole.Console.Profile.Out;
        AnsiConsole.Console.Profile.Out = new AnsiConsoleOutput(_region);
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
        AnsiConsole.Console.Profile.Out = _shared;
        Console.SetError(_errors);
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
                var moved = _progress.Moved;
                _region.Draw(LiveBars.Lines(_progress.Running, new LiveTotal(moved, _rate.Of(moved, clock.Elapsed)), Width(), Math.Max(2, Height() / 3)));
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
