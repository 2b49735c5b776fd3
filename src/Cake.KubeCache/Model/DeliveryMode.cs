namespace Cake.KubeCache.Model;

/// <summary>How artifacts come to a node: who downloads them, and what way they take from there.</summary>
public enum DeliveryMode
{
    /// <summary>This machine downloads each once into its cache and pushes it.</summary>
    Push,

    /// <summary>One node, the delegate, downloads each once; it comes into the cache of this machine and is pushed from there.</summary>
    Delegate,

    /// <summary>The node downloads for itself; with <c>download_force_cache</c> only what the cache does not have.</summary>
    Node,
}
