namespace Cake.KubeCache.Engine.Kubeadm;

/// <summary>What kubeadm said when it was asked for its images.</summary>
/// <param name="Images">The references that it printed.</param>
/// <param name="Problem">Why it printed none; null when it did.</param>
internal sealed record KubeadmAnswer(IReadOnlyList<string> Images, string? Problem);
