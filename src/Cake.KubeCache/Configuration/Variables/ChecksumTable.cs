namespace Cake.KubeCache.Configuration.Variables;

/// <summary>A variable that holds checksums by version.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Depth">How many keys are looked up before the version: <c>table[architecture][version]</c> has one.</param>
internal readonly record struct ChecksumTable(string Name, int Depth);
