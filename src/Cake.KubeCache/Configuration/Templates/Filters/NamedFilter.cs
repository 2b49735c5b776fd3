namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>A filter and its name.</summary>
internal readonly record struct NamedFilter(string Name, FilterFunction Function);
