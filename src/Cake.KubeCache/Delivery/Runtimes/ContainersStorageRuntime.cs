using System.Text.Json;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>containers-storage (cri-o, podman), by skopeo, or by podman where there is no skopeo.</summary>
internal sealed class ContainersStorageRuntime(NodePaths paths) : IImageRuntime
{
    /// <inheritdoc/>
    public string Kind => "storage";

    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = ["probe-storage"];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
        var layers = ReadLayers(lines, state);
        foreach (var line in lines.Where(l => l is ["storage-images", _]))
        {
            using var images = JsonDocument.Parse(line[1]);
            foreach (var image in images.RootElement.EnumerateArray())
            {
                if (!image.TryGetProperty("digest", out var text) || !Digest.TryParse(text.GetString(), out var digest) || !image.TryGetProperty("names", out var names) || names.ValueKind != JsonValueKind.Array)
                {
                    continue;
                }

                var whole = !image.TryGetProperty("layer", out var top) || layers.Contains(top.GetString() ?? "");
                foreach (var name in names.EnumerateArray().Select(n => n.GetString()).OfType<string>())
                {
                    state.Images[name] = new NodeImage(digest, whole);
                }
            }
        }
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) =>
        state.Images.TryGetValue(push.Reference, out var image) && image.Complete && image.Digest == push.Stored.Digest;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        var present = push.Content.Layers.Select(l => l.Blob.Digest).Where(d => state.Blobs.Contains(d.Hex)).ToHashSet();
        var outcome = await new StreamedImport(paths, Variables, "import-storage").RunAsync(push, present, shell, cancellationToken);
        state.Images[push.Reference] = new NodeImage(push.Stored.Digest);
        state.Blobs.UnionWith(push.Content.Layers.Select(l => l.Blob.Digest.Hex));
        return outcome;
    }

    /// <summary>The layers' ids; the digests of their compressed form go into the state. A layer that was begun and not ended has a mark.</summary>
    private static HashSet<string> ReadLayers(IReadOnlyList<string[]> lines, NodeState state)
    {
        var ids = new HashSet<string>();
        var id = "";
        var blob = "";
        foreach (var line in lines.Where(l => l is ["storage-layer", _, _]))
        {
            switch (line[1])
            {
                case "id":
                    Keep();
                    (id, blob) = (line[2], "");
                    break;
                case "compressed-diff-digest":
                    blob = line[2];
                    break;
                case "incomplete" when line[2] == "true":
                    id = "";
                    break;
            }
        }

        Keep();
        return ids;

        void Keep()
        {
            if (id.Length > 0)
            {
                ids.Add(id);
                if (Digest.TryParse(blob, out var digest))
                {
                    state.Blobs.Add(digest.Hex);
                }
            }
        }
    }
}
