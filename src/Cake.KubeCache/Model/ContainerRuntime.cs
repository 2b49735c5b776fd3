namespace Cake.KubeCache.Model;

/// <summary>What runs containers on a node, from <c>container_manager</c>.</summary>
public abstract record ContainerRuntime
{
    /// <summary>containerd; images live in the namespace <c>k8s.io</c>.</summary>
    /// <param name="Socket">Path of its socket.</param>
    public sealed record Containerd(string Socket = "/run/containerd/containerd.sock") : ContainerRuntime
    {
        /// <inheritdoc/>
        public override string ToString() => "containerd";
    }

    /// <summary>Docker.</summary>
    public sealed record Docker : ContainerRuntime
    {
        /// <inheritdoc/>
        public override string ToString() => "docker";
    }

    /// <summary>containers-storage: cri-o and podman, reached with skopeo or podman.</summary>
    public sealed record ContainersStorage : ContainerRuntime
    {
        /// <inheritdoc/>
        public override string ToString() => "containers-storage";
    }

    /// <summary>A folder of OCI archives, one a image, which k3s, RKE2 and k0s load from.</summary>
    /// <param name="Path">The folder, such as <c>/var/lib/rancher/k3s/agent/images</c>.</param>
    public sealed record Directory(string Path) : ContainerRuntime
    {
        /// <inheritdoc/>
        public override string ToString() => "directory";
    }

    /// <summary>No images are delivered to this node.</summary>
    public sealed record None : ContainerRuntime
    {
        /// <inheritdoc/>
        public override string ToString() => "none";
    }
}
