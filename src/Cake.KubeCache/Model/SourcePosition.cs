using System.Globalization;

namespace Cake.KubeCache.Model;

/// <summary>A place in an input file.</summary>
/// <param name="File">Path as the user gave it, or as it was found.</param>
/// <param name="Line">Line from 1, or 0 when only the file is known.</param>
/// <param name="Column">Column from 1, or 0 when only the line is known.</param>
public sealed record SourcePosition(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:column</c>, as far as known.</summary>
    public override string ToString() => (Line, Column) switch
    {
        (0, _) => File,
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}"),
    };
}
