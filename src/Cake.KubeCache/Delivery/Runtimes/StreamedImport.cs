using Cake.KubeCache.Delivery.Archives;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery.Runtimes;

/// <summary>
/// The way of an image into a runtime that has an import: an archive without what the node has is streamed into it and verified there;
/// when that fails (a blob was collected since the probe), the whole image is.
/// </summary>
internal sealed class StreamedImport(NodePaths paths, IReadOnlyList<(string Name, string Value)> variables, params string[] parts)
{
    /// <summary>Sends the image without the given blobs, and whole when that is refused.</summary>
    /// <exception cref="KubeCacheException">Also refused whole (<see cref="ErrorKind.GiveUp"/>), or as the shell says.</exception>
    public async Task<DeliveryOutcome> RunAsync(ImagePush push, IReadOnlySet<Digest> present, INodeShell shell, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var sent = 0L;
        if (present.Count > 0)
        {
            var thin = await SendAsync(push, present, shell, cancellationToken);
            sent += thin.Sent;
            if (thin.Result.ExitCode == 0)
            {
                return new DeliveryOutcome(sent, true, notes);
            }

            if (thin.Result.ExitCode == ScriptFailure.NoTool)
            {
                throw Refused(push, thin.Result);
            }

            notes.Add($"{push.Reference}: sent whole, because {push.Node} refused it without {present.Count} blobs that it seemed to have ({thin.Result.LastErrorLine ?? $"exit code {thin.Result.ExitCode}"})");
            push.Progress.Say(notes[^1]);
        }

        var whole = await SendAsync(push, new HashSet<Digest>(), shell, cancellationToken);
        return whole.Result.ExitCode == 0 ? new DeliveryOutcome(sent + whole.Sent, true, notes) : throw Refused(push, whole.Result);
    }

    /// <summary>The variables that every import script has.</summary>
    public static IEnumerable<(string Name, string Value)> VariablesOf(ImagePush push, string receiptPath = "-")
    {
        var name = NodePaths.ReceiptName(push.Reference);
        var digest = push.Artifact.Reference.Digest;
        return
        [
            ("kc_ref", push.Reference),
            ("kc_digest", push.Stored.Digest.ToString()),
            ("kc_config", push.Content.Config.Digest.ToString()),
            ("kc_byDigest", digest is not null && push.Artifact.Reference.Tag is not null ? $"{push.Artifact.Reference.Name}@{digest}" : ""),
            ("kc_pin", push.Pin ? "io.cri-containerd.pinned=pinned" : ""),
            ("kc_name", name),
            ("kc_receipt", string.Join('\t', "I", name, push.Reference, push.Stored.Digest, push.Content.Config.Digest, receiptPath, push.Stored.Size)),
        ];
    }

    private async Task<(ShellResult Result, long Sent)> SendAsync(ImagePush push, IReadOnlySet<Digest> omitted, INodeShell shell, CancellationToken cancellationToken)
    {
        var there = await push.ProvidedAsync(omitted, cancellationToken);
        var archive = new ImageArchive(push, omitted.Concat(there.Keys).ToHashSet());
        push.Progress.Expect(archive.Length);
        var sent = 0L;
        var result = await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, [.. variables, .. VariablesOf(push), ("kc_spooled", SpooledMembers.Lines(push, there))], ["archive", .. parts]))
        {
            Input = async (stream, token) =>
            {
                await using var metered = new ObservedStream(stream, bytes =>
                {
                    sent += bytes;
                    push.Progress.Advance(bytes);
                });
                await archive.WriteAsync(metered, push.Blobs, token);
            },
        }, cancellationToken);
        return (result, sent);
    }

    private static KubeCacheException Refused(ImagePush push, ShellResult result) =>
        ScriptFailure.Of($"{push.Node} did not take the image {push.Reference}", result, "see whether the runtime is well and its disk has room");
}
