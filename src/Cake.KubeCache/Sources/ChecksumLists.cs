using System.Text;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Http;

namespace Cake.KubeCache.Sources;

/// <summary>
/// Looks a file's hash up in a list from a URL: the output of <c>sha256sum</c> (<c>hash  name</c>, <c>hash *name</c>), BSD's
/// <c>SHA256 (name) = hash</c>, or a bare hash.
/// </summary>
internal sealed class ChecksumLists(FetchSession session, FileServer server, ITransferProgress progress)
{
    private const int LongestList = 8 * 1024 * 1024;

    /// <summary>The hash of the item's file.</summary>
    /// <exception cref="KubeCacheException">The list has no hash of it, or several (<see cref="ErrorKind.GiveUp"/>).</exception>
    public async Task<Digest> FindAsync(FileArtifact file, Checksum.Listed listed, CancellationToken cancellationToken)
    {
        var bytes = await session.Rounds.RunAsync(token => server.ReadAsync(file, listed.Url, LongestList, token), progress.Say, cancellationToken).ConfigureAwait(false);
        var path = Uri.TryCreate(file.Url, UriKind.Absolute, out var url) ? url.LocalPath : file.Url;
        var found = Find(Encoding.UTF8.GetString(bytes), listed.Algorithm, path);
        return found.Count == 1
            ? found[0]
            : throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"the checksum list of {file.Name} {(found.Count == 0 ? "has no hash of its file" : "has several hashes of its file")}")
            {
                Where = new SourcePosition(UrlText.Of(listed.Url)),
                Expected = $"one {listed.Algorithm} of {Path.GetFileName(path)}",
                Hint = $"give {file.Name}_checksum as a hash",
            });
    }

    /// <summary>The hashes that a list gives a file: of the lines whose name is an ending of its path, those with the longest.</summary>
    /// <param name="list">The list's text.</param>
    /// <param name="algorithm"><c>sha256</c> or <c>sha512</c>.</param>
    /// <param name="path">The file's path in its URL.</param>
    public static IReadOnlyList<Digest> Find(string list, string algorithm, string path)
    {
        var lines = list.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Read(line, algorithm)).Where(l => l is not null).Select(l => l!.Value).ToList();
        if (lines is [{ Name: "" }])
        {
            return [lines[0].Digest];
        }

        var matches = lines.Select(l => (l.Digest, Length: Matching(l.Name, path))).Where(l => l.Length > 0).ToList();
        var longest = matches.Select(m => m.Length).DefaultIfEmpty().Max();
        return [.. matches.Where(m => m.Length == longest).Select(m => m.Digest).Distinct()];
    }

    /// <summary>How much of the path a name in the list covers; 0 when it names another file.</summary>
    private static int Matching(string name, string path)
    {
        name = name.Replace('\\', '/');
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        if (("/" + path.TrimStart('/')).EndsWith("/" + name.TrimStart('/'), StringComparison.Ordinal))
        {
            return name.Length;
        }

        // Lists are made where the file was built: its folders there mean nothing here.
        return name.Length > 0 && Path.GetFileName(name) == Path.GetFileName(path) ? 1 : 0;
    }

    private static (Digest Digest, string Name)? Read(string line, string algorithm)
    {
        if (line.StartsWith(algorithm, StringComparison.OrdinalIgnoreCase) && line.IndexOf(" (", StringComparison.Ordinal) is > 0 and var open && line.LastIndexOf(") = ", StringComparison.Ordinal) is > 0 and var close && close > open)
        {
            return Digest.TryParse($"{algorithm}:{line[(close + 4)..].Trim()}", out var bsd) ? (bsd, line[(open + 2)..close]) : null;
        }

        var space = line.IndexOfAny([' ', '\t']);
        var hash = space < 0 ? line : line[..space];
        return Digest.TryParse($"{algorithm}:{hash}", out var digest) ? (digest, space < 0 ? "" : line[space..].Trim().TrimStart('*')) : null;
    }
}
