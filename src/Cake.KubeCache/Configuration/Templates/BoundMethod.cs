namespace Cake.KubeCache.Configuration.Templates;

/// <summary>A method of a value that is named but not called.</summary>
internal sealed record BoundMethod(object Target, string Name);
