using System.Runtime.InteropServices;
using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Engine.Kubeadm;

/// <summary>What a kubeadm in the store is asked: its images of a version, under a repository.</summary>
/// <param name="Kubeadm">The program.</param>
/// <param name="Version">Kubernetes' version, with a <c>v</c>.</param>
/// <param name="Repository">Where its images come from, such as <c>registry.k8s.io</c>.</param>
/// <param name="Planned">References of kubeadm's images that the plan has for the nodes of this kubeadm.</param>
/// <param name="IsWhole">Whether those nodes have a control plane among them: then everything that kubeadm names is to be planned.</param>
internal sealed record KubeadmQuestion(StoredArtifact Kubeadm, string Version, string Repository, IReadOnlyList<string> Planned, bool IsWhole)
{
    private const string Name = "kubeadm";

    /// <summary>The questions of a plan: one for each verified kubeadm that is in the store and that this machine can run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stored">What the store has of a content, or null.</param>
    /// <param name="here">This machine's platform.</param>
    public static IEnumerable<KubeadmQuestion> Of(Plan plan, Func<PlannedArtifact, StoredArtifact?> stored, Platform here)
    {
        foreach (var kubeadm in plan.Artifacts.Where(a => a.Artifact is FileArtifact { Name: Name } file && (file.Checksum is not null || file.Locked is not null)))
        {
            var nodes = plan.Nodes.Where(n => n.Downloads is { KubeadmImages.Count: > 0 } && n.Deliveries.Any(d => d.Artifact.ContentKey == kubeadm.Artifact.ContentKey)).ToList();
            if (nodes.Count == 0 || VersionOf(nodes[0]) is not { } version || Platforms(nodes) is not [var platform] || platform != here || stored(kubeadm) is not { } program)
            {
                continue;
            }

            var images = nodes.SelectMany(n => n.Downloads!.KubeadmImages).ToList();
            yield return new KubeadmQuestion(
                program,
                version,
                images[0].Repository[..Math.Max(0, images[0].Repository.LastIndexOf('/'))],
                [.. images.Select(i => $"{i.Repository}:{i.Tag}").Distinct().Order(StringComparer.Ordinal)],
                nodes.Any(n => n.Groups.Contains("kube_control_plane")));
        }
    }

    /// <summary>The platform whose programs this machine runs.</summary>
    public static Platform Here { get; } = OperatingSystem.IsLinux()
        ? Platform.FromMachine(RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x86_64", Architecture.Arm64 => "aarch64", var other => other.ToString() })
        : new Platform(RuntimeInformation.RuntimeIdentifier, "");

    private static string? VersionOf(PlannedNode node) => node.Downloads!.Shown.GetValueOrDefault("kube_version") is string { Length: > 0 } version ? "v" + version.TrimStart('v') : null;

    // Images have the platform of their node, which a file does not.
    private static List<Platform> Platforms(List<PlannedNode> nodes) => [.. nodes.SelectMany(n => n.Deliveries).Select(d => d.Artifact).OfType<ImageArtifact>().Select(i => i.Platform).Distinct()];
}
