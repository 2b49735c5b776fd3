using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Runs one script on a channel of an open connection.</summary>
/// <remarks>
/// The script is framed by markers on its standard output. The first tells where the output begins, because banners and the login
/// shell's own start-up files may print before. The second has the exit code and comes as soon as the script ended: whatever of the
/// input is not yet sent is then read and thrown away by the remote side and no more is written, because a channel whose remote
/// command ended early would otherwise block its writer for ever.
/// </remarks>
internal sealed class SshExec(SshClient client, TimeSpan silenceLimit)
{
    private readonly string _mark = $"kc-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
    private long _activity;

    private sealed record Running(Task Ended);

    /// <summary>Runs the script to its end.</summary>
    /// <exception cref="TimeoutException">The connection does not answer any more.</exception>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        using var ssh = client.CreateCommand(ShellQuote.ForAnyLoginShell(Framed(command.Script)));
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = new CancellationTokenSource();
        // Opening the channel and sending the request block.
        var running = (await Task.Run(() => new Running(ssh.ExecuteAsync(CancellationToken.None)), cancellationToken).WaitAsync(silenceLimit, cancellationToken)).Ended;
        await using var cancel = cancellationToken.Register(() => Abandon(ssh));
        var error = new TailText(16 << 10);
        var output = ReadOutputAsync(ssh.OutputStream, failed);
        var errors = error.ReadAsync(ssh.ExtendedOutputStream);
        var work = FinishAsync();
        var watch = WatchAsync(finished.Token);
        if (await Task.WhenAny(work, watch) == watch)
        {
            await watch;
        }

        var result = await work;
        await finished.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return result;

        async Task<ShellResult> FinishAsync()
        {
            await Task.Run(() => FeedAsync(ssh, command.Input, failed), CancellationToken.None);
            await running;
            var (code, text) = await output;
            await errors;
            return new ShellResult(code ?? ssh.ExitStatus ?? throw new EndOfStreamException("the command ended without an exit code"), text, error.ToString());
        }
    }

    private string Framed(string script) => $$"""
        read -r kc_first
        printf '\n%s\n' {{_mark}}
        (
        {{script}}
        )
        kc_rc=$?
        printf '\n%s %s\n' {{_mark}} $kc_rc
        [ $kc_rc = 0 ] || cat >/dev/null
        exit $kc_rc
        """;

    private static void Abandon(SshCommand ssh)
    {
        try
        {
            ssh.CancelAsync(forceKill: true);
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException or Renci.SshNet.Common.SshException)
        {
            // It ended by itself in this moment: there is nothing left to cancel.
            System.Diagnostics.Trace.WriteLine($"cancelled too late: {e.Message}");
        }
    }

    private async Task FeedAsync(SshCommand ssh, ShellInput? input, CancellationTokenSource failed)
    {
        await using var channel = ssh.CreateInputStream();
        // SSH.NET tells the other side of the end of the input only when there was any: so there always is one line, which the frame takes.
        await channel.WriteAsync("\n"u8.ToArray(), failed.Token);
        await channel.FlushAsync(failed.Token);
        if (input is null)
        {
            return;
        }

        await using var counted = new ObservedStream(channel, _ => Volatile.Write(ref _activity, Environment.TickCount64));
        try
        {
            await input(counted, failed.Token);
            await channel.FlushAsync(failed.Token);
        }
        catch (OperationCanceledException) when (failed.IsCancellationRequested)
        {
            // Either the script failed, and its exit code says how, or the caller cancelled, and RunAsync throws.
            return;
        }
    }

    private async Task<(int? Code, string Text)> ReadOutputAsync(Stream stream, CancellationTokenSource failed)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), false, 1 << 16, leaveOpen: true);
        var text = new StringBuilder();
        var begun = false;
        int? code = null;
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            Volatile.Write(ref _activity, Environment.TickCount64);
            if (!line.StartsWith(_mark, StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
                continue;
            }

            if (!begun)
            {
                begun = true;
                text.Clear();
                continue;
            }

            code = int.Parse(line.AsSpan(_mark.Length), CultureInfo.InvariantCulture);
            // The line end before the marker is the frame's.
            text.Length--;
            if (code != 0)
            {
                await failed.CancelAsync();
            }
        }

        return (code, text.ToString());
    }

    /// <summary>
    /// Ends (by throwing) when the connection is dead. Silence alone proves nothing, an import may take minutes; so after silence a
    /// trivial command on another channel has to be answered.
    /// </summary>
    private async Task WatchAsync(CancellationToken finished)
    {
        Volatile.Write(ref _activity, Environment.TickCount64);
        while (true)
        {
            var quiet = TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _activity));
            if (quiet < silenceLimit)
            {
                await Task.Delay(silenceLimit - quiet + TimeSpan.FromMilliseconds(10), finished);
                continue;
            }

            using var question = await Task.Run(() => client.CreateCommand("exit 0"), finished);
            var answer = Task.Run(() => question.ExecuteAsync(finished), finished);
            await answer.WaitAsync(silenceLimit, finished);
            Volatile.Write(ref _activity, Environment.TickCount64);
        }
    }
}
