using System.Diagnostics;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Runs scripts on this machine.</summary>
internal sealed class LocalShell(Node node) : INodeShell
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<ShellResult> RunAsync(ShellCommand command, CancellationToken cancellationToken)
    {
        var wrapped = PrivilegedScript.Wrap(command, node.Privilege);
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", wrapped.Script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Start(start);
        // Cancelling ends the input, on which the scripts tidy up and end; what does not is killed.
        await using var kill = cancellationToken.Register(() => Task.Delay(Patience, CancellationToken.None).ContinueWith(_ => Kill(process), TaskScheduler.Default));
        var error = new TailText(16 << 10);
        var output = wrapped.Output is { } taker ? PassOnAsync(process, taker, cancellationToken) : process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = error.ReadAsync(process.StandardError.BaseStream);
        await FeedAsync(process, wrapped.Input, cancellationToken);
        await process.WaitForExitAsync(CancellationToken.None);
        var result = new ShellResult(process.ExitCode, await output, await Drained(errors, error));
        cancellationToken.ThrowIfCancellationRequested();
        PrivilegedScript.Check(result, node.Privilege, node.Name);
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<TimeSpan> RoundTripAsync(CancellationToken cancellationToken) => ValueTask.FromResult(TimeSpan.Zero);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<string> PassOnAsync(Process process, ShellOutput output, CancellationToken cancellationToken)
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (await process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                await output(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch
        {
            // Nobody reads on: without this the process would wait for ever to be read.
            Kill(process);
            throw;
        }

        return "";
    }

    private static async Task<string> Drained(Task reading, TailText text)
    {
        await reading;
        return text.ToString();
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"cannot start /bin/sh for {node.Name}")
            {
                Got = e.Message,
                Hint = "local nodes need a POSIX shell on this machine",
            }, e);
        }
    }

    private static async Task FeedAsync(Process process, ShellInput? input, CancellationToken cancellationToken)
    {
        var stream = process.StandardInput.BaseStream;
        var closedEarly = false;
        try
        {
            if (input is not null)
            {
                await input(stream, cancellationToken);
            }
        }
        catch (IOException) when (process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            // The script ended without reading everything: its exit code and output say why, not the broken pipe.
            closedEarly = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            closedEarly = true;
        }
        catch
        {
            Kill(process);
            throw;
        }
        finally
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException) when (closedEarly || process.HasExited)
            {
                // Closing flushes; there is nobody left to flush to.
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException e)
        {
            // It ended, and was disposed of, in the meantime.
            Trace.WriteLine($"nothing to kill: {e.Message}");
        }
    }
}
