using System.Globalization;
using Cake.KubeCache.Delivery.Probe;
using Cake.KubeCache.Model;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>Brings files to a node: content, then owner and mode, then what is to be unpacked; each only where it is not so already.</summary>
/// <param name="paths">The node's paths.</param>
/// <param name="isLimited">Whether what is sent is held back to a bandwidth limit.</param>
internal sealed class FileDelivery(NodePaths paths, bool isLimited = false)
{
    /// <summary>Brings one file. Several may be on their way at once.</summary>
    /// <exception cref="KubeCacheException">It cannot be written, or the archive cannot be unpacked (<see cref="ErrorKind.GiveUp"/>); or as the shell says.</exception>
    public async Task<DeliveryOutcome> DeliverAsync(FilePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        if (push.Artifact.Destination is not { } destination)
        {
            return DeliveryOutcome.Nothing;
        }

        var wanted = Wanted(push, state);
        var known = Known(state, destination);
        var outcome = DeliveryOutcome.Nothing;
        if (known?.Digest != push.Stored.Digest)
        {
            outcome = await WriteAsync(push, wanted, state, shell, cancellationToken);
        }
        else if ((wanted.Mode is not null && wanted.Mode != known.Mode) || (wanted.Owner is not null && wanted.Owner != known.Owner))
        {
            await RunAsync(push, wanted, "attributes", null, shell, cancellationToken);
            outcome = new DeliveryOutcome(0, true, []);
        }

        lock (state)
        {
            state.Files[destination] = new KnownFile(push.Stored.Digest, push.Stored.Size, wanted.Owner ?? known?.Owner ?? "", wanted.Mode ?? known?.Mode ?? "0644", outcome.Changed || known?.Ours == true);
        }

        return push.Artifact.Unarchive && await UnpackAsync(push, wanted, state, shell, cancellationToken) ? outcome with { Changed = true } : outcome;
    }

    /// <summary>Brings a content into the spool, by way of a push whose destination is there.</summary>
    /// <exception cref="KubeCacheException">As for <see cref="DeliverAsync"/>.</exception>
    public Task<DeliveryOutcome> SpoolAsync(FilePush push, NodeState state, INodeShell shell, CancellationToken cancellationToken) =>
        WriteAsync(push with { Passing = true }, new FileAttributesWanted(null, "0600", false), state, shell, cancellationToken);

    private static KnownFile? Known(NodeState state, string path)
    {
        lock (state)
        {
            return state.Files.GetValueOrDefault(path);
        }
    }

    /// <summary>
    /// In a folder that stands for a node's root nobody but root can give files away; there the owner that was wanted is only
    /// remembered.
    /// </summary>
    private FileAttributesWanted Wanted(FilePush push, NodeState state)
    {
        var mode = push.Artifact.Mode is { } m ? PermissionBits.Normalise(m) : null;
        var pretend = paths.Root.Length > 0 && !state.IsRoot;
        return new FileAttributesWanted(push.Artifact.Owner, mode, pretend);
    }

    private async Task<DeliveryOutcome> WriteAsync(FilePush push, FileAttributesWanted wanted, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        if ((push.From ?? Elsewhere(push, state)) is { } copy)
        {
            var copied = await TryRunAsync(push, wanted, "file", copy, shell, cancellationToken);
            if (copied.ExitCode == 0)
            {
                return new DeliveryOutcome(0, true, []);
            }

            // The other file changed since the probe: send ours.
            push.Progress.Say($"{push.Artifact.Name}: {copy} on {push.Node} is not what it was ({copied.LastErrorLine}); sending the file");
        }

        push.Progress.Expect(push.Stored.Size);
        var sent = new SentBytes();
        var way = push with { Compressed = await Compression.HelpsAsync(push, shell, isLimited, state.Tools, cancellationToken) };
        var result = await StripedUpload.PlanAsync(push.Stored.Size, shell, cancellationToken) is { Count: > 1 } parts
            ? await SendPartsAsync(way, wanted, parts, sent, shell, cancellationToken)
            : await TryRunAsync(way, wanted, "file", null, shell, cancellationToken, sent);
        return result.ExitCode == 0
            ? new DeliveryOutcome(sent.Count, true, way.Compressed ? [$"compressed on its way, {push.Stored.Size} bytes to {sent.Count}"] : [])
            : throw ScriptFailure.Of($"{push.Node} did not take {push.Artifact.Name} as {push.Artifact.Destination}", result, "see whether the folder can be written and its disk has room");
    }

    private string? Elsewhere(FilePush push, NodeState state)
    {
        lock (state)
        {
            return state.Files.Where(f => f.Value.Digest == push.Stored.Digest && f.Key != push.Artifact.Destination).Select(f => paths.Physical(f.Key)).FirstOrDefault();
        }
    }

    private async Task<bool> UnpackAsync(FilePush push, FileAttributesWanted wanted, NodeState state, INodeShell shell, CancellationToken cancellationToken)
    {
        var key = UnpackKey.Of(push.Artifact);
        lock (state)
        {
            if (state.Unpacked.GetValueOrDefault(push.Artifact.Destination!) is { } done && done.Digest == push.Stored.Digest && done.Key == key)
            {
                return false;
            }
        }

        var kind = ArchiveKind.Detect(push, await HeadAsync(push, shell, cancellationToken));
        var variables = new[]
        {
            ("kc_kind", kind),
            ("kc_options", ShellQuote.Words(push.Artifact.UnarchiveExtraOptions)),
            ("kc_options_key", key),
        };
        await RunAsync(push, wanted, "unpack", variables, shell, cancellationToken);
        lock (state)
        {
            state.Unpacked[push.Artifact.Destination!] = new UnpackedArchive(push.Stored.Digest, key);
        }

        return true;
    }

    private async Task<byte[]> HeadAsync(FilePush push, INodeShell shell, CancellationToken cancellationToken)
    {
        var head = new MemoryStream();
        if (push.OnNode)
        {
            var variables = new[] { ("kc_from", paths.Physical(push.Artifact.Destination!)), ("kc_length", ArchiveKind.HeadLength.ToString(CultureInfo.InvariantCulture)) };
            var result = await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, variables, "head")) { Output = (piece, token) => head.WriteAsync(piece, token) }, cancellationToken);
            return result.ExitCode == 0 ? head.ToArray() : throw ScriptFailure.Of($"{push.Node}: cannot read {push.Artifact.Destination} ({push.Artifact.Name})", result);
        }

        var buffer = new byte[ArchiveKind.HeadLength];
        await using var content = push.Blobs.OpenRead(push.Stored.Digest);
        return buffer[..await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)];
    }

    private async Task RunAsync(FilePush push, FileAttributesWanted wanted, string part, IReadOnlyList<(string Name, string Value)>? more, INodeShell shell, CancellationToken cancellationToken)
    {
        var result = await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, [.. Variables(push, wanted), .. more ?? []], part)), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw ScriptFailure.Of($"{push.Node}: {(part == "unpack" ? "cannot unpack" : "cannot set owner and mode of")} {push.Artifact.Destination} ({push.Artifact.Name})", result);
        }
    }

    private Task<ShellResult> TryRunAsync(FilePush push, FileAttributesWanted wanted, string part, string? from, INodeShell shell, CancellationToken cancellationToken, SentBytes? sent = null) =>
        shell.RunAsync(new ShellCommand(NodeScript.Of(paths, [.. Variables(push, wanted), ("kc_from", from ?? ""), ("kc_parts", "")], part))
        {
            Input = from is not null ? null : async (stream, token) => sent?.Add(await push.CopyAsync(stream, new FilePart(0, push.Stored.Size), token)),
        }, cancellationToken);

    private async Task<ShellResult> SendPartsAsync(FilePush push, FileAttributesWanted wanted, IReadOnlyList<FilePart> parts, SentBytes sent, INodeShell shell, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Name, string Value)> variables = [.. Variables(push, wanted), ("kc_from", ""), ("kc_parts", StripedUpload.NextPartial(paths.Physical(push.Artifact.Destination!), push))];
        var result = await new StripedUpload(paths, variables).SendAsync(push, parts, sent, shell, cancellationToken);
        return result ?? await shell.RunAsync(new ShellCommand(NodeScript.Of(paths, variables, "file")), cancellationToken);
    }

    private IEnumerable<(string Name, string Value)> Variables(FilePush push, FileAttributesWanted wanted)
    {
        var destination = paths.Physical(push.Artifact.Destination!);
        return
        [
            ("kc_dest", destination),
            ("kc_partials", StripedUpload.PartialsOf(destination, push)),
            ("kc_name", NodePaths.ReceiptName(destination)),
            ("kc_sha", push.Stored.Digest.Hex),
            ("kc_mode", wanted.Mode ?? ""),
            ("kc_owner", wanted.Pretend ? "" : wanted.Owner ?? ""),
            ("kc_gzip", push.Compressed ? "1" : ""),
            ("kc_passing", push.Passing ? "1" : ""),
            ("kc_as", wanted.Pretend ? wanted.Owner ?? "-" : "-"),
        ];
    }

    /// <summary>What the file is to look like.</summary>
    /// <param name="Owner">User name, or null to leave it.</param>
    /// <param name="Mode">Permission bits, or null to leave them.</param>
    /// <param name="Pretend">Whether the owner is only remembered.</param>
    private sealed record FileAttributesWanted(string? Owner, string? Mode, bool Pretend);
}
