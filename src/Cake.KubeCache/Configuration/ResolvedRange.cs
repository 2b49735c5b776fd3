namespace Cake.KubeCache.Configuration;

/// <summary>What a range of versions came to.</summary>
/// <param name="Variable">The variable, such as <c>kube_version</c>.</param>
/// <param name="Range">The range that was written.</param>
/// <param name="Version">The version, as the catalogue's table of checksums writes it.</param>
internal sealed record ResolvedRange(string Variable, string Range, string Version);
