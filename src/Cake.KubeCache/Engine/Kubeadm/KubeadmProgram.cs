using System.ComponentModel;
using System.Diagnostics;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Engine.Kubeadm;

/// <summary>
/// Runs a kubeadm of the store: <c>kubeadm config images list</c> with version and repository given, which asks nobody (kubernetes.io, "kubeadm config").
/// It runs from a folder of its own, without this process' environment, and not for long.
/// </summary>
internal sealed class KubeadmProgram(string blob)
{
    private const int MostLines = 200;

    /// <summary>How long it may take; a real one takes some 50 ms.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Asks it.</summary>
    /// <returns>The answer; null where programs of the store cannot be started, such as where temporary folders allow none.</returns>
    public async Task<KubeadmAnswer?> ListAsync(string version, string repository, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("kubecache-kubeadm-");
        try
        {
            var program = Path.Combine(folder.FullName, "kubeadm");
            File.Copy(blob, program);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var start = new ProcessStartInfo(program, ["config", "images", "list", "--kubernetes-version", version, "--image-repository", repository])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment.Clear();
            start.Environment["HOME"] = folder.FullName;
            start.Environment["PATH"] = "/usr/bin:/bin";
            using var process = await StartAsync(start, cancellationToken);
            return process is null ? null : await AnswerAsync(process, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A process that forks at the same moment holds what was just written open: the system calls that "text file busy" for a moment.
    private static async Task<Process?> StartAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        const int TextFileBusy = 26;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start);
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && attempt < 20)
            {
                await Task.Delay(50, cancellationToken);
            }
            catch (Win32Exception)
            {
                return null;
            }
        }
    }

    private async Task<KubeadmAnswer> AnswerAsync(Process process, CancellationToken cancellationToken)
    {
        process.StandardInput.Close();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            var errors = LinesAsync(process.StandardError, time.Token);
            var lines = await LinesAsync(process.StandardOutput, time.Token);
            var said = string.Join(" ", (await errors).Take(5));
            await process.WaitForExitAsync(time.Token);
            var strange = lines.FirstOrDefault(l => !ImageReference.TryParse(l, out _, out _));
            return process.ExitCode != 0 ? new KubeadmAnswer([], $"exit code {process.ExitCode}{(said.Length > 0 ? ": " + said : "")}")
                : lines.Count == 0 ? new KubeadmAnswer([], "nothing was printed")
                : strange is not null ? new KubeadmAnswer([], $"'{strange}', which is no image reference")
                : new KubeadmAnswer(lines, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new KubeadmAnswer([], FormattableString.Invariant($"no end after {Patience.TotalSeconds:0.#} s"));
        }
        catch (InvalidDataException e)
        {
            return new KubeadmAnswer([], e.Message);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<List<string>> LinesAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (lines.Count == MostLines)
            {
                throw new InvalidDataException($"more than {MostLines} lines");
            }

            if (line.Trim() is { Length: > 0 } text)
            {
                lines.Add(text);
            }
        }

        return lines;
    }
}
