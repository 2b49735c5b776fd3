using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>One definition of a variable.</summary>
/// <param name="Value">What it was defined as, not evaluated.</param>
/// <param name="Where">Where it stands, or null where it stands in no file.</param>
internal sealed record Variable(object? Value, SourcePosition? Where);
