using Cake.KubeCache.Delivery.Archives;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>A folder of OCI archives, one per image, which k3s, RKE2 and k0s load from.</summary>
/// <remarks>
/// What is in a folder is told by the receipts, which also say where in which archive a blob lies: a changed image is put together
/// on the node from the archives that are there and the blobs that are new.
/// </remarks>
internal sealed class DirectoryRuntime(NodePaths paths, string folder) : IImageRuntime
{
    /// <inheritdoc/>
    public string Kind => "directory";

    /// <inheritdoc/>
    public IReadOnlyList<string> ProbeParts { get; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, string Value)> Variables { get; } = [];

    /// <inheritdoc/>
    public void Interpret(NodeState state, IReadOnlyList<string[]> lines)
    {
        // A folder is always there to be written to; what loads from it has its own version.
        state.RuntimeVersion ??= "";
        foreach (var image in state.Delivered.Where(i => i.Whole && i.Path == ArchivePath(i.Reference)))
        {
            state.Images[image.Reference] = new NodeImage(image.Digest);
        }
    }

    /// <inheritdoc/>
    public bool Has(ImagePush push, NodeState state) =>
        state.Images.TryGetValue(push.Reference, out var image) && image.Digest == push.Stored.Digest;

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> DeliverAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        var (outcome, result) = await AssembleAsync(push, state, shell, cancellationToken);
        if (result.ExitCode == ScriptFailure.WrongContent && state.ArchivedBlobs.Count > 0)
        {
            // An archive changed behind its receipt: nothing of the folder is taken on trust any more.
            state.ArchivedBlobs.Clear();
            var note = $"{push.Reference}: sent whole, because the archives on {push.Node} are not what their receipts say ({result.LastErrorLine})";
            push.Progress.Say(note);
            var (again, second) = await AssembleAsync(push, state, shell, cancellationToken);
            (outcome, result) = (again with { BytesSent = outcome.BytesSent + again.BytesSent, Notes = [note] }, second);
        }

        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of($"{push.Node} did not take the image {push.Reference}", result, $"see whether {folder} can be written and has room");
        }

        state.Images[push.Reference] = new NodeImage(push.Stored.Digest);
        return outcome;
    }

    /// <summary>Where an image's archive is: readable, and different for references that differ only in what is replaced.</summary>
    private string ArchivePath(string reference)
    {
        var readable = string.Concat(reference.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return paths.Physical($"{folder}/{(readable.Length > 150 ? readable[..150] : readable)}-{NodePaths.ReceiptName(reference)[..8]}.tar");
    }

    private async Task<(DeliveryOutcome Outcome, ShellResult Result)> AssembleAsync(ImagePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        var there = await push.ProvidedAsync(push.Content.Layers.Select(l => l.Blob.Digest).Where(d => state.ArchivedBlobs.ContainsKey(d.Hex)).ToHashSet(), cancellationToken);
        var layout = new ArchiveAssembly(push, state.ArchivedBlobs, there);
        var path = ArchivePath(push.Reference);
        var ranges = layout.Blobs.Select(b => string.Join('\t', "B", NodePaths.ReceiptName(push.Reference), b.Digest.Hex, b.Offset, b.Length, path));
        var variables = StreamedImport.VariablesOf(push, path).Concat(
        [
            ("kc_path", path),
            ("kc_size", layout.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("kc_copies", string.Join('\n', layout.Copies.Select(c => $"{c.Path}\t{c.Offset}\t{c.Length}"))),
            ("kc_blobs", string.Join('\n', layout.Blobs.Select(b => $"{b.Digest.Hex}\t{b.Offset + ImageArchive.HeaderLength}\t{b.Size}"))),
            ("kc_ranges", string.Join('\n', ranges)),
            ("kc_spooled", SpooledMembers.Lines(push, there)),
        ]);
        push.Progress.Expect(layout.Sent.Length);
        var sent = 0L;
        var result = await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, variables, "archive", "image-directory"))
        {
            Input = async (stream, token) =>
            {
                await using var metered = new ObservedStream(stream, bytes =>
                {
                    sent += bytes;
                    push.Progress.Advance(bytes);
                });
                await layout.Sent.WriteAsync(metered, push.Blobs, token);
            },
        }, cancellationToken);
        if (result.ExitCode == 0)
        {
            // The archive of this name was replaced: what was known to lie in the old one does not any more.
            foreach (var gone in state.ArchivedBlobs.Where(b => b.Value.Path == path).Select(b => b.Key).ToList())
            {
                state.ArchivedBlobs.Remove(gone);
            }

            foreach (var blob in layout.Blobs)
            {
                state.ArchivedBlobs[blob.Digest.Hex] = new ArchivedBlob(path, blob.Offset, blob.Length);
            }
        }

        return (new DeliveryOutcome(sent, true, []), result);
    }
}
