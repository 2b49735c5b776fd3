using System.Globalization;
using System.Security.Cryptography;
using Cake.KubeCache.Transport.Shells;

namespace Cake.KubeCache.Delivery;

/// <summary>
/// Sends a large file over several channels of a far connection. One channel has at most its window (2 MiB) under way, so that its
/// speed is the window divided by the round trip, whatever the line could carry.
/// </summary>
/// <param name="paths">The node's paths.</param>
/// <param name="variables">Variables of the file's scripts.</param>
internal sealed class StripedUpload(NodePaths paths, IReadOnlyList<(string Name, string Value)> variables)
{
    private const long Block = 1 << 20;
    private const long SmallestPart = 4 * Block;
    private const int MostParts = 8;
    private static readonly string ThisProcess = RandomNumberGenerator.GetHexString(12, lowercase: true);
    private static readonly TimeSpan Far = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan VeryFar = TimeSpan.FromMilliseconds(30);
    private static long _attempts;

    /// <summary>The parts that a file is best sent in; one part when it is small or the node is near.</summary>
    public static async Task<IReadOnlyList<FilePart>> PlanAsync(long size, INodeShell shell, CancellationToken cancellationToken)
    {
        if (size < 2 * SmallestPart || await shell.RoundTripAsync(cancellationToken) is var roundTrip && roundTrip < Far)
        {
            return [new FilePart(0, size)];
        }

        var count = Math.Min(roundTrip < VeryFar ? MostParts / 2 : MostParts, size / SmallestPart);
        var length = ((size / count) + Block - 1) / Block * Block;
        var parts = new List<FilePart>();
        for (var offset = 0L; offset < size; offset += length)
        {
            parts.Add(new FilePart(offset, Math.Min(length, size - offset)));
        }

        return parts;
    }

    /// <summary>
    /// What the names begin with under which this process puts the parts of this content together, beside the destination. Each attempt
    /// has a name of its own: what an attempt whose connection broke still writes does not get into the next one's way, and that one
    /// removes what is left of it.
    /// </summary>
    public static string PartialsOf(string destination, FilePush push) =>
        $"{Path.GetDirectoryName(destination)!.TrimEnd('/')}/.kubecache-parts-{ThisProcess}{push.Stored.Digest.Hex[..8]}";

    /// <summary>Where one attempt puts its parts together.</summary>
    public static string NextPartial(string destination, FilePush push) =>
        $"{PartialsOf(destination, push)}.{Interlocked.Increment(ref _attempts).ToString(CultureInfo.InvariantCulture)}-{NodePaths.ReceiptName(destination)[..8]}.partial";

    /// <summary>Sends all parts; null when they arrived, else how the first that failed ended. What was written is then removed.</summary>
    public async Task<ShellResult?> SendAsync(FilePush push, IReadOnlyList<FilePart> parts, SentBytes sent, INodeShell shell, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = parts.Select(part => SendAsync(push, part, sent, shell, stop.Token)).ToList();
        await foreach (var done in Task.WhenEach(sending).WithCancellation(cancellationToken))
        {
            if (done.IsCompletedSuccessfully && (await done).ExitCode == 0)
            {
                continue;
            }

            await stop.CancelAsync();
            await Task.WhenAny(Task.WhenAll(sending), Task.Delay(TimeSpan.FromSeconds(2), cancellationToken));
            // Throws what the part threw: on a broken connection there is no way to remove what was written, a later run does.
            var failure = await done;
            await shell.RunAsync(Script("drop"), cancellationToken);
            return failure;
        }

        return null;
    }

    private Task<ShellResult> SendAsync(FilePush push, FilePart part, SentBytes sent, INodeShell shell, CancellationToken cancellationToken) =>
        shell.RunAsync(Script("part", ("kc_block", (part.Offset / Block).ToString(CultureInfo.InvariantCulture)), ("kc_length", part.Length.ToString(CultureInfo.InvariantCulture))) with
        {
            Input = async (stream, token) => sent.Add(await push.CopyAsync(stream, part, token)),
        }, cancellationToken);

    private ShellCommand Script(string name, params (string Name, string Value)[] more) => new(NodeScript.Of(paths, [.. variables, .. more], name));
}
