using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Reads <c>ansible_ssh_common_args</c>: arguments as for the <c>ssh</c> command.</summary>
internal static class SshArguments
{
    private const string WithValue = "BbcDEeFIiJLlmOopQRSWw";

    /// <summary>The options that the arguments set; flags that do not change who is reached and how (<c>-C</c>, <c>-q</c>, <c>-4</c> …) are passed over.</summary>
    /// <exception cref="KubeCacheException">The text is not well quoted, an option lacks its value, or a word is neither (<see cref="ErrorKind.Input"/>).</exception>
    public static SshOptions Parse(string? text, string node)
    {
        var options = new SshOptions();
        if (string.IsNullOrWhiteSpace(text))
        {
            return options;
        }

        try
        {
            var words = new Queue<string>(ShellWords.Split(text));
            while (words.TryDequeue(out var word))
            {
                if (word is ['-', var letter, .. var rest] && letter != '-')
                {
                    Take(letter, rest, words, options);
                }
                else
                {
                    throw new FormatException($"'{word}' is no option");
                }
            }

            return options;
        }
        catch (FormatException e)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault($"the SSH arguments of {node} (ansible_ssh_common_args, ansible_ssh_extra_args) cannot be read") { Got = e.Message }, e);
        }
    }

    private static void Take(char letter, string rest, Queue<string> words, SshOptions options)
    {
        if (!WithValue.Contains(letter))
        {
            return;
        }

        var value = rest.Length > 0 ? rest : words.TryDequeue(out var next) ? next : throw new FormatException($"-{letter} has no value");
        switch (letter)
        {
            case 'o':
                var (option, text) = SshConfig.SplitLine(value);
                options.Add(option, text);
                break;
            case 'J':
                options.Add("ProxyJump", value);
                break;
            case 'i':
                options.Add("IdentityFile", value);
                break;
            case 'l':
                options.Add("User", value);
                break;
            case 'p':
                options.Add("Port", value);
                break;
            case 'F':
                options.Add(SshConfig.FileOption, value);
                break;
        }
    }
}
