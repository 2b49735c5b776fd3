namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Variables of one origin, which all have the same precedence.</summary>
/// <param name="Title">The origin in words, such as <c>group_vars of k8s_cluster</c>.</param>
/// <param name="Variables">The definitions by name.</param>
internal sealed record VariableLayer(string Title, IReadOnlyDictionary<string, Variable> Variables);
