namespace Cake.KubeCache.Transport.Shells;

/// <summary>Writes what a script reads on its standard input. Called once; the stream must not be closed by it.</summary>
internal delegate Task ShellInput(Stream input, CancellationToken cancellationToken);

/// <summary>Takes standard output as it comes, byte for byte. Called one piece after another; the memory is reused afterwards.</summary>
internal delegate ValueTask ShellOutput(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

/// <summary>A POSIX shell script and what it reads.</summary>
/// <param name="Script">The script; parameters are put into it with <see cref="ShellQuote"/>.</param>
internal sealed record ShellCommand(string Script)
{
    /// <summary>Writes the standard input; null for an empty one.</summary>
    public ShellInput? Input { get; init; }

    /// <summary>Takes the standard output, which is then not in the result; null for text that the result holds.</summary>
    public ShellOutput? Output { get; init; }

    /// <summary>Whether it runs as long as others do on the same connection, until it is told to end.</summary>
    public bool Lasting { get; init; }
}

/// <summary>How a script ended.</summary>
/// <param name="ExitCode">The script's exit code; 128 + n when signal n ended it.</param>
/// <param name="Output">Standard output as UTF-8; empty where the command took it as it came.</param>
/// <param name="Error">The last 16 KiB of standard error as UTF-8.</param>
internal sealed record ShellResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of standard error that is not empty, or null.</summary>
    public string? LastErrorLine => Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
}
