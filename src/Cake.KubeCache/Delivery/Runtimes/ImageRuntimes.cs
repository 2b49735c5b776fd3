using Cake.KubeCache.Model;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>Picks what handles a node's container runtime.</summary>
internal static class ImageRuntimes
{
    /// <summary>Of a node.</summary>
    public static IImageRuntime Of(Node node, NodePaths paths) => node.Runtime switch
    {
        ContainerRuntime.Containerd containerd => new ContainerdRuntime(paths, containerd.Socket),
        ContainerRuntime.Docker => new DockerRuntime(paths),
        ContainerRuntime.ContainersStorage => new ContainersStorageRuntime(paths),
        ContainerRuntime.Directory directory => new DirectoryRuntime(paths, directory.Path),
        _ => new NoRuntime(),
    };
}
