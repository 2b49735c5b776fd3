using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>Exit codes that the scripts use, and the errors that they mean.</summary>
internal static class ScriptFailure
{
    /// <summary>A tool that the script needs is not on the node.</summary>
    public const int NoTool = 20;

    /// <summary>Writing or importing failed: full disk, refused.</summary>
    public const int Failed = 21;

    /// <summary>What was imported is not there, or not whole.</summary>
    public const int NotVerified = 22;

    /// <summary>What arrived is not what was sent.</summary>
    public const int WrongContent = 23;

    /// <summary>The destination is a folder.</summary>
    public const int IsFolder = 24;

    /// <summary>Owner or mode could not be set.</summary>
    public const int Attributes = 25;

    /// <summary>An unpacking tool is not on the node.</summary>
    public const int NoUnpacker = 26;

    /// <summary>Unpacking failed.</summary>
    public const int Unpacking = 27;

    /// <summary>The archive has a name or a link that leads out of its folder.</summary>
    public const int Escapes = 28;

    /// <summary>It is not ours to remove.</summary>
    public const int NotOurs = 29;

    /// <summary>A request that the node was to make was not answered.</summary>
    public const int NotDownloaded = 40;

    /// <summary>A content could not be passed on to a neighbour.</summary>
    public const int NotPassed = 41;

    /// <summary>Makes an error of a script's result.</summary>
    /// <param name="what">What was attempted, on which artifact and node.</param>
    /// <param name="result">How the script ended.</param>
    /// <param name="hint">What to do where the exit code alone does not tell.</param>
    public static KubeCacheException Of(string what, ShellResult result, string? hint = null)
    {
        var got = result.Error.Trim() is { Length: > 0 } text ? text : $"exit code {result.ExitCode}";
        return result.ExitCode switch
        {
            NoTool or NoUnpacker => new(ErrorKind.GiveUp, new Fault(what) { Got = got, Hint = "install it on the node" }),
            WrongContent => new(ErrorKind.Retry, new Fault(what) { Got = got, Expected = "the content that was sent", Hint = hint }),
            Attributes => new(ErrorKind.GiveUp, new Fault(what) { Got = got, Hint = "owner and mode can be set by root, or by the owner as far as the system lets it: set ansible_become=true, and see that the owner exists" }),
            Escapes => new(ErrorKind.GiveUp, new Fault(what) { Got = got, Expected = "names below the archive's own folder" }),
            _ => new(ErrorKind.GiveUp, new Fault(what) { Got = got, Hint = hint }),
        };
    }
}
