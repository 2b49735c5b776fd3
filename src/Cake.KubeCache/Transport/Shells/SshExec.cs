using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Runs one script on a channel of an open connection.</summary>
/// <remarks>
/// The script is framed by markers on its standard output. The first tells where the output begins, because banners and the login
/// shell's own start-up files may print before. The second has the exit code and comes as soon as the script ended: whatever of the
/// input is not yet sent is then read and thrown away by the remote side and no more is written, because a channel whose remote
/// command ended early would otherwise block its writer for ever.
/// </remarks>
internal sealed class SshExec(SshClient client, ConnectSettings settings)
{
    private const int NotRun = 127;

    private readonly string _mark = $"kc-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
    private long _activity;

    private sealed record Running(Task Ended);

    /// <summary>Runs the script to its end.</summary>
    /// <exception cref="TimeoutException">The connection does not answer any more.</exception>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var ssh = client.CreateCommand(ShellQuote.ForAnyLoginShell(Framed(command.Script)));
        var ended = false;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Opening the channel and sending the request block.
            var running = await Task.Run(() => Begin(ssh), cancellationToken).WaitAsync(settings.SilenceLimit, cancellationToken);
            var work = FinishAsync(ssh, running, command, failed);
            var watch = WatchAsync(finished.Token);
            var first = await Task.WhenAny(work, watch);
            cancellationToken.ThrowIfCancellationRequested();
            await first;
            ended = true;
            await finished.CancelAsync();
            return await work;
        }
        finally
        {
            await failed.CancelAsync();
            if (ended)
            {
                ssh.Dispose();
            }
            else
            {
                Abandon(ssh);
            }
        }
    }

    /// <exception cref="SessionRefusedException">The other side opens no further channel.</exception>
    private Running Begin(SshCommand ssh)
    {
        try
        {
            return new Running(ssh.ExecuteAsync(CancellationToken.None));
        }
        // The type itself: a time-out, which is derived from it, is no answer.
        catch (SshException e) when (e.GetType() == typeof(SshException) && client.IsConnected)
        {
            throw new SessionRefusedException(e);
        }
    }

    private async Task<ShellResult> FinishAsync(SshCommand ssh, Running running, ShellCommand command, CancellationTokenSource failed)
    {
        var error = new TailText(16 << 10);
        var output = command.Output is { } taker ? PassOnAsync(ssh.OutputStream, taker, failed) : ReadOutputAsync(ssh.OutputStream, failed);
        var errors = error.ReadAsync(ssh.ExtendedOutputStream);
        await Task.Run(() => FeedAsync(ssh, command.Input, failed), CancellationToken.None);
        if (await Task.WhenAny(output, running.Ended) == output)
        {
            // Who takes the output may have failed; the script would only end with its last byte.
            await output;
        }

        await running.Ended;
        var (code, text) = await output;
        await errors;
        return new ShellResult(code ?? WithoutMarker(ssh.ExitStatus), text, error.ToString());
    }

    /// <summary>The frame prints its second marker whatever happens; without it the script did not run, even if the login shell is content.</summary>
    private static int WithoutMarker(int? status) => status switch
    {
        null => throw new EndOfStreamException("the command ended without an exit code"),
        0 => NotRun,
        { } code => code,
    };

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

    /// <summary>
    /// Ends a command that nobody waits for any more: it gets SIGTERM, on which the scripts tidy up. In the background, because on a dead
    /// connection every call blocks.
    /// </summary>
    private static void Abandon(SshCommand ssh) => _ = Task.Run(() =>
    {
        try
        {
            ssh.CancelAsync();
            ssh.Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or SshException)
        {
            // It ended by itself in this moment, or with its connection: there is nothing left to end.
            System.Diagnostics.Trace.WriteLine($"ended before it was abandoned: {e.Message}");
        }
    });

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

        await using var limited = settings.Limiter is { } limiter ? new ThrottledStream(channel, limiter) : (Stream?)null;
        await using var counted = new ObservedStream(limited ?? channel, _ => Volatile.Write(ref _activity, Environment.TickCount64));
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

    /// <summary>The output byte for byte, without the frame around it.</summary>
    private async Task<(int? Code, string Text)> PassOnAsync(Stream stream, ShellOutput output, CancellationTokenSource failed)
    {
        var frame = new FramedOutput(_mark);
        var buffer = new byte[1 << 16];
        while (frame.Code is null && await stream.ReadAsync(buffer, CancellationToken.None) is > 0 and var read)
        {
            Volatile.Write(ref _activity, Environment.TickCount64);
            if (frame.Take(buffer.AsSpan(0, read)) is { Length: > 0 } content)
            {
                await output(content, failed.Token);
            }
        }

        if (frame.Code is not 0)
        {
            await failed.CancelAsync();
        }

        return (frame.Code, "");
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
            if (quiet < settings.SilenceLimit)
            {
                await Task.Delay(settings.SilenceLimit - quiet + TimeSpan.FromMilliseconds(10), finished);
                continue;
            }

            using var question = await Task.Run(() => client.CreateCommand("exit 0"), finished);
            var answer = Task.Run(() => Begin(question).Ended, finished);
            try
            {
                await answer.WaitAsync(settings.SilenceLimit, finished);
            }
            catch (SessionRefusedException)
            {
                // A refusal is an answer, too.
            }

            Volatile.Write(ref _activity, Environment.TickCount64);
        }
    }
}
