using Cake.KubeCache.Model;

namespace Cake.KubeCache.Store;

/// <summary>Where everything lies in a store: an OCI image layout (OCI image-spec 1.1, image-layout.md) with our own files beside it.</summary>
internal sealed class StoreLayout(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Marks the folder as an image layout.</summary>
    public string Marker => Path.Combine(Root, "oci-layout");

    /// <summary>What other tools read: every image and file by reference.</summary>
    public string Index => Path.Combine(Root, "index.json");

    /// <summary>The cache manifest.</summary>
    public string Manifest => Path.Combine(Root, "manifest.json");

    /// <summary>Held by whoever writes the index and the manifest.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Complete, verified content.</summary>
    public string Blobs => Path.Combine(Root, "blobs", "sha256");

    /// <summary>Unfinished downloads.</summary>
    public string Partials => Path.Combine(Root, "partial");

    /// <summary>Blobs that no longer hash to their name, kept for a look at them.</summary>
    public string Quarantine => Path.Combine(Root, "quarantine");

    /// <summary>Path of a blob. Only sha256 names blobs: a digest is hex digits, so no path can be smuggled in.</summary>
    public string Blob(Digest digest) =>
        digest.Algorithm == "sha256" ? Path.Combine(Blobs, digest.Hex) : throw new ArgumentException($"blobs are named by sha256, not {digest.Algorithm}", nameof(digest));

    /// <summary>Path of an unfinished download.</summary>
    public string Partial(string id) => Path.Combine(Partials, id + ".part");

    /// <summary>Path of what is needed to resume it.</summary>
    public string PartialState(string id) => Path.Combine(Partials, id + ".json");
}
