using System.Text;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Makes a script run as the user that the inventory wants, by sudo where it is not that user already.</summary>
/// <remarks>
/// A password goes through standard input alone: the outer script reads it with the shell's own <c>read</c> and hands it to sudo
/// with the shell's own <c>printf</c>, so it is on no command line. Whether sudo asks for it at all is tried first, because a
/// password that sudo does not read would become the first line of the script's input.
/// </remarks>
internal static class PrivilegedScript
{
    /// <summary>Exit code of the outer script when the user cannot be become; why is on standard error.</summary>
    public const int Refused = 117;

    private const string ByPassword = """
        IFS= read -r kc_password
        if [ "$(id -un)" = "$kc_user" ]; then unset kc_password; exec sh -c "$kc_script"; fi
        command -v sudo >/dev/null 2>&1 || { echo 'sudo is not installed' >&2; exit 117; }
        if sudo -k -n -u "$kc_user" true 2>/dev/null </dev/null; then unset kc_password; exec sudo -n -u "$kc_user" sh -c "$kc_script"; fi
        printf '%s\n' "$kc_password" | sudo -k -S -p '' -u "$kc_user" true || exit 117
        { printf '%s\n' "$kc_password"; cat; } | sudo -k -S -p '' -u "$kc_user" sh -c "$kc_script"
        """;

    private const string WithoutPassword = """
        if [ "$(id -un)" = "$kc_user" ]; then exec sh -c "$kc_script"; fi
        command -v sudo >/dev/null 2>&1 || { echo 'sudo is not installed' >&2; exit 117; }
        sudo -n -u "$kc_user" true </dev/null || exit 117
        exec sudo -n -u "$kc_user" sh -c "$kc_script"
        """;

    /// <summary>The command, wrapped where the privilege asks for it.</summary>
    public static ShellCommand Wrap(ShellCommand command, Privilege privilege)
    {
        if (!privilege.Become)
        {
            return command;
        }

        var head = ShellQuote.Variables(("kc_user", privilege.User), ("kc_script", command.Script));
        if (privilege.Password is not { } password)
        {
            return command with { Script = head + WithoutPassword };
        }

        return command with
        {
            Script = head + ByPassword,
            Input = async (stream, cancellationToken) =>
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(password.Reveal() + "\n"), cancellationToken);
                if (command.Input is { } input)
                {
                    await input(stream, cancellationToken);
                }
            },
        };
    }

    /// <summary>Throws when the result says that the user could not be become.</summary>
    /// <exception cref="KubeCacheException">sudo is missing, wants a password, or refused the one it got (<see cref="ErrorKind.GiveUp"/>).</exception>
    public static void Check(ShellResult result, Privilege privilege, string node)
    {
        if (!privilege.Become || result.ExitCode != Refused)
        {
            return;
        }

        throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"cannot become {privilege.User} on {node}")
        {
            Got = result.LastErrorLine,
            Expected = privilege.Password is null ? "sudo without a password" : "sudo with the password of ansible_become_password",
            Hint = privilege.Password is null
                ? "give ansible_become_password, allow the user in sudoers with NOPASSWD, or set ansible_become=false and log in as root"
                : "check ansible_become_password and that sudoers allows this user",
        });
    }
}
