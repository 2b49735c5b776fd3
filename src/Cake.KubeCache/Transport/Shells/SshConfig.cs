using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Reads OpenSSH client configuration (ssh_config(5)): <c>Host</c>, <c>Match all</c>, <c>Match host</c>, <c>Include</c>.</summary>
/// <remarks>
/// A <c>Match</c> by anything else (<c>exec</c>, <c>user</c>, <c>localuser</c> …) does not match here; the options below it do not count.
/// </remarks>
internal static class SshConfig
{
    /// <summary>The option that stands for <c>-F</c>: another configuration file.</summary>
    public const string FileOption = "-F";

    private const int DeepestInclude = 16;

    /// <summary>What the files say about a host; the earlier file goes before the later, files that are not there say nothing.</summary>
    /// <param name="host">The name as it was given, before <c>HostName</c> replaces it.</param>
    /// <param name="files">Files, the user's before the system's.</param>
    /// <param name="settings">Where home is.</param>
    /// <exception cref="KubeCacheException">A file cannot be read, or includes itself (<see cref="ErrorKind.Input"/>).</exception>
    public static SshOptions For(string host, IEnumerable<string> files, ConnectSettings settings)
    {
        var options = new SshOptions();
        foreach (var file in files)
        {
            Read(file, host, options, settings, 0);
        }

        return options;
    }

    /// <summary>Splits <c>Option value</c> or <c>Option=value</c>; quotes around the whole value are taken off.</summary>
    public static (string Option, string Value) SplitLine(string line)
    {
        line = line.Trim();
        var end = line.AsSpan().IndexOfAny(' ', '\t', '=');
        if (end < 0)
        {
            return (line, "");
        }

        var value = line[end..].TrimStart(' ', '\t');
        value = (value.StartsWith('=') ? value[1..] : value).Trim();
        return (line[..end], value.Length > 1 && value[0] == '"' && value.IndexOf('"', 1) == value.Length - 1 ? value[1..^1] : value);
    }

    private static void Read(string file, string host, SshOptions options, ConnectSettings settings, int depth)
    {
        if (!File.Exists(file))
        {
            return;
        }

        if (depth > DeepestInclude)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("the SSH configuration includes itself") { Where = new SourcePosition(file) });
        }

        var applies = true;
        foreach (var line in Lines(file))
        {
            var (option, value) = SplitLine(line);
            if (option.Length == 0 || option.StartsWith('#'))
            {
                continue;
            }

            if (option.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                applies = HostPattern.MatchesAny(value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), host);
            }
            else if (option.Equals("Match", StringComparison.OrdinalIgnoreCase))
            {
                applies = value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) switch
                {
                    [var all] => all.Equals("all", StringComparison.OrdinalIgnoreCase),
                    [var by, var patterns] when by.ToUpperInvariant() is "HOST" or "ORIGINALHOST" => HostPattern.MatchesAny(patterns.Split(','), host),
                    _ => false,
                };
            }
            else if (applies && option.Equals("Include", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var included in ShellWords.Split(value).SelectMany(pattern => Expand(pattern, file, settings)))
                {
                    Read(included, host, options, settings, depth + 1);
                }
            }
            else if (applies)
            {
                options.Add(option, value);
            }
        }
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("cannot read the SSH configuration") { Where = new SourcePosition(file), Got = e.Message }, e);
        }
    }

    private static IEnumerable<string> Expand(string pattern, string file, ConnectSettings settings)
    {
        var path = SshPaths.Expand(pattern, settings);
        if (!Path.IsPathRooted(path))
        {
            // Relative to ~/.ssh in the user's files and to /etc/ssh in the system's: in both cases to where the file is.
            path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path);
        }

        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
    }
}
