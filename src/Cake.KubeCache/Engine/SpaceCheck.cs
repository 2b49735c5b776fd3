using System.Globalization;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;
using Cake.KubeCache.Sources;

namespace Cake.KubeCache.Engine;

/// <summary>Whether what a plan lacks fits on the cache's disk: told before anything of it is asked for.</summary>
/// <param name="sizes">What is known of sizes.</param>
/// <param name="directory">Where the content will lie.</param>
/// <param name="free">Bytes free there; null where the system does not say.</param>
internal sealed class SpaceCheck(ExpectedSizes sizes, string directory, long? free)
{
    /// <summary>Compares. What has no known size counts as nothing: downloads check again as soon as they know theirs.</summary>
    /// <returns>A warning where it may not fit, by the sizes of other versions; null where it does or nobody can tell.</returns>
    /// <exception cref="KubeCacheException">It does not fit for certain (<see cref="ErrorKind.GiveUp"/>).</exception>
    public Fault? Check(Plan plan)
    {
        // What is resolved anew mostly stays as it is.
        var known = (from planned in plan.Artifacts
                     where planned.State == FetchState.Missing
                     let size = sizes.Of(planned.Artifact)
                     where size is not null
                     orderby size.Value.Bytes descending
                     select (planned.Artifact.Name, Size: size.Value)).ToList();
        var certain = known.Where(k => k.Size.Certain).ToList();
        if (free is not { } room || known.Sum(k => k.Size.Bytes) <= room)
        {
            return null;
        }

        if (certain.Sum(k => k.Size.Bytes) > room)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, Of("what is to be fetched does not fit on the cache's disk", room, certain, ""));
        }

        return Of("what is to be fetched may not fit on the cache's disk", room, known, ", by what the cache had last under these names");
    }

    private Fault Of(string what, long room, IReadOnlyList<(string Name, ExpectedSize Size)> parts, string how) => new(what)
    {
        Where = new SourcePosition(directory),
        Got = string.Create(CultureInfo.InvariantCulture, $"{room} bytes free"),
        Expected = string.Create(CultureInfo.InvariantCulture, $"{parts.Sum(p => p.Size.Bytes)} bytes{how}: {Names(parts)}"),
        Hint = "free some space (Prune removes what no plan uses), or name another folder (--cache)",
    };

    private static string Names(IReadOnlyList<(string Name, ExpectedSize Size)> parts)
    {
        const int Most = 5;
        return string.Join(", ", parts.Take(Most).Select(p => p.Name)) + (parts.Count > Most ? $" and {parts.Count - Most} more" : "");
    }
}
