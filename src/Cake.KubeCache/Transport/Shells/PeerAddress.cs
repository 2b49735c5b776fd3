namespace Cake.KubeCache.Transport.Shells;

/// <summary>How another node logs in to a node, and what that node proves itself with.</summary>
/// <param name="User">Login user.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="HostKey">The key that the node showed and that was trusted: its type and its base64, as in known_hosts.</param>
internal sealed record PeerAddress(string User, string Host, int Port, string HostKey);
