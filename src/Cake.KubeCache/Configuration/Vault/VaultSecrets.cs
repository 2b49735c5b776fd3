using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Vault;

/// <summary>
/// The vault passwords of a run: of the password file that the caller names, else of <c>ANSIBLE_VAULT_PASSWORD_FILE</c>, else the password in
/// <c>ANSIBLE_VAULT_PASSWORD</c>. An executable password file is run, and what it prints is the password.
/// </summary>
internal sealed class VaultSecrets(string? passwordFile, IReadOnlyDictionary<string, string> environment)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _decrypted = new(StringComparer.Ordinal);
    private Secret? _password;

    /// <summary>Decrypts an envelope. Safe for threads.</summary>
    /// <exception cref="KubeCacheException">There is no password, it is the wrong one, or the envelope is damaged.</exception>
    public string Decrypt(string envelope, SourcePosition where)
    {
        lock (_gate)
        {
            if (!_decrypted.TryGetValue(envelope, out var text))
            {
                text = Decrypt(VaultEnvelope.Parse(envelope, where), _password ??= Password(where), where);
                _decrypted.Add(envelope, text);
            }

            return text;
        }
    }

    private static string Decrypt(VaultEnvelope envelope, Secret password, SourcePosition where)
    {
        var keys = Rfc2898DeriveBytes.Pbkdf2(password.Reveal(), envelope.Salt, 10_000, HashAlgorithmName.SHA256, 80);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(keys.AsSpan(32, 32), envelope.Ciphertext), envelope.Mac))
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("the vaulted text cannot be decrypted")
            {
                Where = where,
                Got = "an HMAC that does not match",
                Expected = "the password it was encrypted with" + (envelope.Label is null ? "" : $" (vault id '{envelope.Label}')"),
            });
        }

        var plain = CounterMode(keys.AsSpan(0, 32), keys.AsSpan(64, 16), envelope.Ciphertext);
        var padding = plain.Length > 0 ? plain[^1] : 0;
        return Strict.GetString(plain, 0, plain.Length - (padding is > 0 and <= 16 && padding <= plain.Length ? padding : 0));
    }

    /// <summary>AES in counter mode (NIST SP 800-38A, 6.5), which the platform does not offer by name: the block cipher over a counter.</summary>
    private static byte[] CounterMode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> start, byte[] input)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        var counter = start.ToArray();
        var blocks = new byte[(input.Length + 15) / 16 * 16];
        for (var at = 0; at < blocks.Length; at += 16)
        {
            counter.CopyTo(blocks, at);
            for (var i = 15; i >= 0 && ++counter[i] == 0; i--)
            {
            }
        }

        var output = aes.EncryptEcb(blocks, PaddingMode.None)[..input.Length];
        for (var i = 0; i < output.Length; i++)
        {
            output[i] ^= input[i];
        }

        return output;
    }

    private Secret Password(SourcePosition where)
    {
        var file = passwordFile ?? environment.GetValueOrDefault("ANSIBLE_VAULT_PASSWORD_FILE");
        if (!string.IsNullOrEmpty(file))
        {
            return Secret.From(FromFile(file).Trim()) ?? throw Missing(where, $"the empty file '{file}'");
        }

        return Secret.From(environment.GetValueOrDefault("ANSIBLE_VAULT_PASSWORD")) ?? throw Missing(where, "no vault password");
    }

    private static KubeCacheException Missing(SourcePosition where, string got) => new(ErrorKind.Input, new Fault("the text is vaulted")
    {
        Where = where,
        Got = got,
        Expected = "a vault password",
        Hint = "give --vault-password-file=FILE, or set ANSIBLE_VAULT_PASSWORD_FILE or ANSIBLE_VAULT_PASSWORD",
    });

    private static string FromFile(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) == 0)
            {
                return File.ReadAllText(path);
            }

            using var process = Process.Start(new ProcessStartInfo(Path.GetFullPath(path)) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new IOException($"it ended with exit code {process.ExitCode}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("cannot read the vault password file") { Where = new SourcePosition(path), Got = exception.Message }, exception);
        }
    }
}
