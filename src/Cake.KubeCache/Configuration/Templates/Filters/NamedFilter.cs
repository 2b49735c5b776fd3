namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>A filter and its name.</summary>
internal sealed record NamedFilter(string Name, FilterFunction Function);
