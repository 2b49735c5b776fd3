using Cake.KubeCache.Model;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Opens the shell that a node's connection asks for.</summary>
internal static class NodeShells
{
    /// <summary>Connects to the node.</summary>
    /// <exception cref="KubeCacheException">As for <see cref="SshShell.ConnectAsync"/>.</exception>
    public static async Task<INodeShell> ConnectAsync(Node node, ConnectSettings settings, CancellationToken cancellationToken) => node.Connection switch
    {
        LocalConnection => new LocalShell(node),
        SshConnection ssh => await SshShell.ConnectAsync(node, SshEndpointResolver.Resolve(node.Name, ssh, settings), node.Privilege.Password is null ? settings : settings with { CarriesSecrets = true }, cancellationToken),
        _ => throw new KubeCacheException(ErrorKind.Input, new Fault($"{node.Name} has a connection that is not supported") { Got = node.Connection.ToString(), Expected = "ssh or local" }),
    };
}
