using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Registry;

/// <summary>
/// Asks a <c>docker-credential-…</c> program (github.com/docker/docker-credential-helpers, README, "Development"): the server on
/// its standard input, the credential as JSON on its output. Nothing secret is on a command line.
/// </summary>
internal static class CredentialHelper
{
    /// <summary>A helper that asks somebody something on a screen must not hang a build for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The credential, or null when the helper has none for the server.</summary>
    /// <exception cref="KubeCacheException">The helper is missing, fails or hangs (<see cref="ErrorKind.Input"/>).</exception>
    public static async Task<RegistryCredential?> GetAsync(string helper, string server, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var name = "docker-credential-" + helper;
        var start = new ProcessStartInfo(Locate(name, environment)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { "get" } };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(server.AsMemory(), patience.Token).ConfigureAwait(false);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? Read(output, name) : NoneOr(output + await error.ConfigureAwait(false), name);
        }
        catch (Exception e) when (e is Win32Exception or IOException or JsonException)
        {
            throw Fail(name, e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(name, $"no answer within {Patience.TotalSeconds:0} s", e);
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
            }

            process?.Dispose();
        }
    }

    private static RegistryCredential? Read(string output, string name)
    {
        var answer = JsonSerializer.Deserialize(output, DockerConfigJson.Default.HelperAnswer);
        return answer?.Secret is null ? throw Fail(name, "an answer without a secret", null)
            : answer.Username == "<token>" ? new RegistryCredential("", null, Secret.From(answer.Secret))
            : new RegistryCredential(answer.Username ?? "", Secret.From(answer.Secret));
    }

    /// <summary>The helpers' library ends with this sentence where it has no entry: that is anonymous, not an error.</summary>
    private static RegistryCredential? NoneOr(string message, string name) =>
        message.Contains("credentials not found in native keychain", StringComparison.OrdinalIgnoreCase) ? null : throw Fail(name, message.Trim(), null);

    private static string Locate(string name, IReadOnlyDictionary<string, string> environment)
    {
        var folders = (environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(f => Path.Combine(f, OperatingSystem.IsWindows() ? name + ".exe" : name)).FirstOrDefault(File.Exists) ?? name;
    }

    private static KubeCacheException Fail(string name, string got, Exception? inner) => new(
        ErrorKind.Input,
        new Fault($"the credential helper {name} gave no credential") { Got = got, Hint = "install it, or take its entry out of credHelpers/credsStore in docker's config.json" },
        inner);
}
