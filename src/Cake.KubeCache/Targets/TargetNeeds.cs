using Cake.KubeCache.Model;
using Cake.KubeCache.Planning;

namespace Cake.KubeCache.Targets;

/// <summary>Which fetches come before others: kubeadm names its images, so its images come after it.</summary>
internal static class TargetNeeds
{
    private const string Kubeadm = "kubeadm";
    private static readonly string[] KubeadmImages = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy"];

    /// <summary>Names of the artifacts that are fetched before this one.</summary>
    public static IEnumerable<string> OfFetch(Artifact artifact, Plan plan) =>
        artifact is ImageArtifact image && KubeadmImages.Contains(image.Reference.Repository.Split('/')[^1]) && plan.Artifacts.Any(a => a.Artifact.Name == Kubeadm)
            ? [Kubeadm]
            : [];
}
