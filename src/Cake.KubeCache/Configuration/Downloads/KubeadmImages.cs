using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>
/// The images that kubeadm itself runs, which are no items of <c>downloads</c>: the three of the control plane for its hosts, and kube-proxy for all hosts
/// of the cluster (<c>kubeadm config images list</c> of any release names these beside etcd, CoreDNS and pause, which <c>downloads</c> has).
/// </summary>
internal static class KubeadmImages
{
    private static readonly string[] ControlPlane = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

    /// <summary>The items of a host in the form of <c>downloads</c>: what <c>kubeadm_images</c> says, else what the version comes to.</summary>
    /// <param name="variables">The host's variables.</param>
    /// <param name="isKubeadmKnown">Whether <c>downloads</c> has an item <c>kubeadm</c>: without it the version is not that of a cluster kubeadm makes.</param>
    public static Mapping Items(TypedVariables variables, bool isKubeadmKnown)
    {
        if (variables.Flag("skip_kubeadm_images", false))
        {
            return [];
        }

        if (variables.Value("kubeadm_images") is Mapping { Count: > 0 } given)
        {
            return given;
        }

        return isKubeadmKnown && variables.Text("kube_version") is { } version ? FromVersion(variables, version) : [];
    }

    private static Mapping FromVersion(TypedVariables variables, string version)
    {
        var tag = version.StartsWith('v') ? version : "v" + version;
        var repository = variables.FirstText("kubeadm_image_repo", "kube_image_repo") ?? "registry.k8s.io";
        var items = new Mapping();
        foreach (var name in ControlPlane)
        {
            items["kubeadm_" + name] = Item(repository, name, tag, "kube_control_plane");
        }

        if (variables.Flag("kube_proxy_deployed", true) && !variables.Flag("kube_proxy_remove", false))
        {
            items["kubeadm_kube-proxy"] = Item(repository, "kube-proxy", tag, "k8s_cluster");
        }

        return items;
    }

    private static Mapping Item(string repository, string name, string tag, string group) => new()
    {
        ["enabled"] = true,
        ["container"] = true,
        ["repo"] = $"{repository}/{name}",
        ["tag"] = tag,
        ["groups"] = new Sequence([group]),
    };
}
