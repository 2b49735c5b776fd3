using System.Globalization;
using Shouldly;

namespace Cake.KubeCache.Integration.Presentation;

/// <summary>A real terminal without a screen: tmux on a socket of its own. What it shows can be read at any time.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private readonly string _socket;

    private Terminal(string socket) => _socket = socket;

    /// <summary>Starts a shell command in a terminal of this size; skips the test where there is no tmux.</summary>
    public static async Task<Terminal> StartAsync(TemporaryFolder folder, int columns, int rows, string command)
    {
        Assert.SkipWhen(ExternalProgram.Find("tmux") is null, "tmux is not installed");
        var terminal = new Terminal(folder.At("tmux.sock"));

        // The pane stays when the command ended, or was interrupted, so that its last screen can be read.
        var script = folder.Write("run.sh", "trap : INT\n" + command + "\necho \"ended with $?\"\nsleep 600\n");
        var start = await terminal.TmuxAsync("-f", "/dev/null", "new-session", "-d", "-x", Text(columns), "-y", Text(rows), $"env -u CI -u GITHUB_ACTIONS LC_ALL=C.UTF-8 sh '{script}'");
        start.ExitCode.ShouldBe(0, start.Everything);
        return terminal;
    }

    /// <summary>The lines on the screen, without empty ones at its end; with <paramref name="history"/> also those that scrolled away.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(bool history = false)
    {
        var shown = await TmuxAsync(history ? ["capture-pane", "-p", "-S", "-"] : ["capture-pane", "-p"]);
        shown.ExitCode.ShouldBe(0, shown.Everything);
        return shown.Output.TrimEnd().Split('\n');
    }

    /// <summary>Reads until the screen is as wanted.</summary>
    public async Task<IReadOnlyList<string>> WaitAsync(Func<IReadOnlyList<string>, bool> wanted, bool history = false)
    {
        for (var i = 0; ; i++)
        {
            var lines = await ReadAsync(history);
            if (wanted(lines))
            {
                return lines;
            }

            Assert.True(i < 600, "the terminal never showed what was waited for:\n" + string.Join('\n', lines));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Gives the terminal another size.</summary>
    public async Task ResizeAsync(int columns, int rows) => (await TmuxAsync("resize-window", "-x", Text(columns), "-y", Text(rows))).ExitCode.ShouldBe(0);

    /// <summary>Presses a key, such as <c>C-c</c>.</summary>
    public async Task PressAsync(string key) => (await TmuxAsync("send-keys", key)).ExitCode.ShouldBe(0);

    public async ValueTask DisposeAsync() => await TmuxAsync("kill-server");

    private Task<ProgramResult> TmuxAsync(params IEnumerable<string> arguments) => ExternalProgram.RunAsync("tmux", ["-S", _socket, .. arguments]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
