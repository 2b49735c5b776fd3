using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration;

/// <summary>Where a variable of a host comes from.</summary>
/// <param name="Variable">Its name.</param>
/// <param name="Host">The host.</param>
/// <param name="Value">What it evaluates to, as text; null when it is undefined or cannot be evaluated.</param>
/// <param name="Problem">Why it has no value; null when it has one.</param>
/// <param name="Definitions">All layers that define it, the lowest precedence first.</param>
internal sealed record VariableExplanation(string Variable, string Host, string? Value, Fault? Problem, IReadOnlyList<VariableDefinition> Definitions);

/// <summary>One layer's definition of a variable.</summary>
/// <param name="Layer">The layer in words.</param>
/// <param name="Where">File and line, or null.</param>
/// <param name="Definition">What was written there.</param>
/// <param name="IsWinner">Whether it is the one that counts.</param>
internal sealed record VariableDefinition(string Layer, SourcePosition? Where, string Definition, bool IsWinner);
