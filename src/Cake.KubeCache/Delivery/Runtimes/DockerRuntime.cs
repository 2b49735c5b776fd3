using System.Text.Json;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>Docker, by <c>docker load</c>: the classic store, or containerd's.</summary>
internal sealed class DockerRuntime(NodePaths paths) : IImageRuntime
{
    /// <inheritdoc/>
    public string Kind => "docker";

    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = ["docker-containerd", "probe-docker"];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
        foreach (var line in lines)
        {
            switch (line)
            {
                case ["docker-info", var info]:
                    using (var answer = JsonDocument.Parse(info))
                    {
                        // The client prints an answer too where the engine gives none: without a version.
                        state.RuntimeVersion = answer.RootElement.TryGetProperty("ServerVersion", out var version) && version.GetString() is { Length: > 0 } text ? text : null;
                    }

                    break;
                case ["docker-images", var images]:
                    ReadImages(images, state);
                    break;
                case ["docker-broken", var reference] when state.Images.TryGetValue(reference, out var image):
                    state.Images[reference] = image with { Complete = false };
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) =>
        state.Images.TryGetValue(push.Reference, out var image) && image.Complete
        && (image.Digest == push.Content.Config.Digest || image.Digest == push.Stored.Digest);

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        if (push.Artifact.Reference.Tag is null)
        {
            throw new KubeCacheException(ErrorKind.GiveUp, new Fault($"{push.Node} cannot take the image {push.Reference}")
            {
                Got = "a reference by digest alone",
                Expected = "a tag: docker load names images by tag",
                Hint = "give the image a tag besides its digest (foo_image_tag)",
            });
        }

        // The loader takes a layer for present only when everything below it is: the stack that it has is a prefix.
        var prefix = push.Content.Layers.TakeWhile(l => state.Chains.Contains(l.ChainId.Hex)).Select(l => l.Blob.Digest);
        var present = prefix.Concat(push.Content.Layers.Select(l => l.Blob.Digest).Where(d => state.Blobs.Contains(d.Hex))).ToHashSet();
        // One blob may be a layer twice, below and above the prefix's end; above it the file is opened.
        present.ExceptWith(push.Content.Layers.SkipWhile(l => state.Chains.Contains(l.ChainId.Hex)).Select(l => l.Blob.Digest).Where(d => !state.Blobs.Contains(d.Hex)));
        var outcome = await new StreamedImport(paths, Variables, "docker-containerd", "import-docker").RunAsync(push, present, shell, cancellationToken);
        state.Images[push.Reference] = new NodeImage(push.Content.Config.Digest);
        state.Chains.UnionWith(push.Content.Layers.Select(l => l.ChainId.Hex));
        return outcome;
    }

    /// <summary>What the engine answers to <c>GET /images/json</c>.</summary>
    private static void ReadImages(string json, NodeState state)
    {
        using var images = JsonDocument.Parse(json);
        foreach (var image in images.RootElement.EnumerateArray())
        {
            if (!Digest.TryParse(image.GetProperty("Id").GetString(), out var id) || !image.TryGetProperty("RepoTags", out var tags) || tags.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var tag in tags.EnumerateArray().Select(t => t.GetString()).OfType<string>().Where(t => !t.Contains("<none>", StringComparison.Ordinal)))
            {
                state.Images[ProbeReport.FullName(tag)] = new NodeImage(id);
            }
        }
    }
}
